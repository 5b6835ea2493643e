import type { Hono } from "hono";
import {
  catalogue,
  isAvailable,
  type Location,
  locationNamed,
  type ServerType,
} from "../catalogue.ts";
import { ApiError, notFound } from "../errors.ts";
import { answerList, idParam } from "../request.ts";

/** Locations, server types and prices: what is on sale. */
export function readOnlyRoutes(app: Hono): void {
  const locations = catalogue.locations.map((location, i) => ({ ...location, id: i + 1 }));
  const types = catalogue.serverTypes.map((type, i) => ({ ...type, id: i + 1 }));
  const sort = { id: ({ id }: { id: number }) => id, name: ({ name }: { name: string }) => name };

  app.get("/locations", (c) =>
    answerList(c, locations, {
      key: "locations",
      sort,
      format: (location) => formatLocation(location.name),
    }),
  );
  app.get("/locations/:id{[0-9]+}", (c) => {
    const location = locations.find(({ id }) => id === idParam(c));
    if (location === undefined) throw notFound("location", idParam(c));
    return c.json({ location: formatLocation(location.name) });
  });
  app.get("/server_types", (c) =>
    answerList(c, types, {
      key: "server_types",
      sort,
      format: ({ name }) => formatServerType(name),
    }),
  );
  app.get("/server_types/:id{[0-9]+}", (c) => {
    const type = types.find(({ id }) => id === idParam(c));
    if (type === undefined) throw notFound("server type", idParam(c));
    return c.json({ server_type: formatServerType(type.name) });
  });
  app.get("/pricing", (c) => c.json({ pricing: pricing() }));
  app.get("/datacenters/:id?", () => {
    throw new ApiError("deprecated_api_endpoint", "datacenters are gone; use locations", {
      announcement: "https://docs.hetzner.cloud/changelog",
    });
  });
}

export function formatLocation(name: string) {
  const id = catalogue.locations.findIndex((location) => location.name === name) + 1;
  const { networkZone, ...location } = locationNamed(name) as Location;
  return { id, ...location, network_zone: networkZone };
}

export function formatServerType(name: string) {
  const index = catalogue.serverTypes.findIndex((type) => type.name === name);
  const type = catalogue.serverTypes[index] as ServerType;
  return {
    id: index + 1,
    name,
    description: name.toUpperCase(),
    category: type.cpuType === "dedicated" ? "general_purpose" : "cost_optimized",
    cores: type.cores,
    memory: type.memoryGb,
    disk: type.diskGb,
    deprecated: false,
    deprecation: null,
    prices: type.locations.map((location) => serverPrice(type, location)),
    storage_type: "local",
    cpu_type: type.cpuType,
    architecture: type.architecture,
    locations: type.locations.map((location) => ({
      id: formatLocation(location).id,
      name: location,
      deprecation: null,
      recommended: true,
      available: isAvailable(name, location),
    })),
  };
}

const hoursPerMonth = 624;
const terabyte = 1024 ** 4;

function serverPrice({ monthly }: ServerType, location: string) {
  return {
    location,
    price_hourly: amount(monthly / hoursPerMonth),
    price_monthly: amount(monthly),
    included_traffic: 20 * terabyte,
    price_per_tb_traffic: amount(1),
  };
}

function pricing() {
  const { ipv4Monthly, volumeGbMonthly, imageGbMonthly, backupPercent, vatPercent } =
    catalogue.prices;
  const ipPrices = (monthly: number) =>
    catalogue.locations.map(({ name }) => ({
      location: name,
      price_hourly: amount(monthly / hoursPerMonth),
      price_monthly: amount(monthly),
    }));
  return {
    currency: "EUR",
    vat_rate: vatPercent.toFixed(2),
    primary_ips: [
      { type: "ipv4", prices: ipPrices(ipv4Monthly) },
      { type: "ipv6", prices: ipPrices(0) },
    ],
    floating_ip: { price_monthly: amount(3) },
    floating_ips: ["ipv4", "ipv6"].map((type) => ({ type, prices: ipPrices(3) })),
    image: { price_per_gb_month: amount(imageGbMonthly) },
    volume: { price_per_gb_month: amount(volumeGbMonthly) },
    server_backup: { percentage: backupPercent.toFixed(10) },
    server_types: catalogue.serverTypes.map((type, i) => ({
      id: i + 1,
      name: type.name,
      prices: type.locations.map((location) => serverPrice(type, location)),
    })),
    load_balancer_types: [],
  };
}

function amount(net: number) {
  return {
    net: net.toFixed(10),
    gross: (net * (1 + catalogue.prices.vatPercent / 100)).toFixed(10),
  };
}
