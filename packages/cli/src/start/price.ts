import { z } from "zod";

const amount = z.object({ gross: z.string() });
const perLocation = z.array(z.object({ location: z.string(), price_monthly: amount }));

const serversSchema = z.object({
  servers: z.array(
    z.object({
      location: z.object({ name: z.string() }),
      server_type: z.object({ name: z.string(), prices: perLocation }),
      volumes: z.array(z.int()),
    }),
  ),
});
const volumesSchema = z.object({ volumes: z.array(z.object({ size: z.number() })) });
const addressesSchema = z.object({
  primary_ips: z.array(z.object({ type: z.string(), location: z.object({ name: z.string() }) })),
});
const pricingSchema = z.object({
  pricing: z.object({
    currency: z.string(),
    primary_ips: z.array(z.object({ type: z.string(), prices: perLocation })),
    volume: z.object({ price_per_gb_month: amount }),
  }),
});

/** Monthly price of a desk in its parts, VAT included, as the API tells it now. */
export interface Price {
  readonly currency: string;
  readonly serverType: string;
  readonly server: number;
  readonly addresses: number;
  readonly volume: number;
}

/** Reads what stack `desk` has in the cloud, and what the cloud asks for it. */
export async function readPrice(url: string, token: string, desk: string): Promise<Price> {
  const get = async (path: string) => {
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
    if (!response.ok)
      throw new Error(`the cloud answered ${response.status} to GET ${path.split("?")[0]}`);
    return response.json();
  };
  const mine = `?label_selector=${encodeURIComponent(`bureau-desk=${desk}`)}`;
  const [servers, volumes, addresses, pricing] = await Promise.all([
    get(`/servers${mine}`),
    get(`/volumes${mine}`),
    get(`/primary_ips${mine}`),
    get("/pricing"),
  ]);
  return computePrice(
    serversSchema.parse(servers).servers,
    volumesSchema.parse(volumes).volumes,
    addressesSchema.parse(addresses).primary_ips,
    pricingSchema.parse(pricing).pricing,
  );
}

type Server = z.output<typeof serversSchema>["servers"][number];
type Volume = z.output<typeof volumesSchema>["volumes"][number];
type Address = z.output<typeof addressesSchema>["primary_ips"][number];
type Pricing = z.output<typeof pricingSchema>["pricing"];

export function computePrice(
  servers: readonly Server[],
  volumes: readonly Volume[],
  addresses: readonly Address[],
  pricing: Pricing,
): Price {
  const at = (prices: z.output<typeof perLocation>, location: string) =>
    Number(prices.find((price) => price.location === location)?.price_monthly.gross ?? 0);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    currency: pricing.currency,
    serverType: servers.map(({ server_type }) => server_type.name).join(", "),
    server: sum(servers.map((server) => at(server.server_type.prices, server.location.name))),
    addresses: sum(
      addresses.map(({ type, location }) =>
        at(pricing.primary_ips.find((entry) => entry.type === type)?.prices ?? [], location.name),
      ),
    ),
    volume: sum(volumes.map(({ size }) => size * Number(pricing.volume.price_per_gb_month.gross))),
  };
}
