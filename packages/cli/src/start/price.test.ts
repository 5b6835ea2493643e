import { expect, test } from "vitest";
import { computePrice } from "./price.ts";

const at = (gross: string, location = "fsn1") => [{ location, price_monthly: { gross } }];

test("a desk costs its server, its addresses and its volume, each at its location's price", () => {
  const server = {
    location: { name: "fsn1" },
    server_type: { name: "cx23", prices: [...at("9.99", "ash"), ...at("4.00")] },
    volumes: [7],
  };
  const price = computePrice(
    [server],
    [{ size: 20 }],
    [
      { type: "ipv4", location: { name: "fsn1" } },
      { type: "ipv6", location: { name: "fsn1" } },
    ],
    {
      currency: "EUR",
      primary_ips: [
        { type: "ipv4", prices: at("0.60") },
        { type: "ipv6", prices: at("0.00") },
      ],
      volume: { price_per_gb_month: { gross: "0.05" } },
    },
  );
  expect(price).toEqual({
    currency: "EUR",
    serverType: "cx23",
    server: 4,
    addresses: 0.6,
    volume: 1,
  });
});
