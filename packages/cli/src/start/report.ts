import type { Price } from "./price.ts";

export interface DeskFacts {
  readonly outputs: Record<string, unknown>;
  readonly price: Price;
  readonly demoKey: boolean;
}

/** The desk as its owner needs it: where it is, what it runs, what it costs. */
export function renderDesk({ outputs, price, demoKey }: DeskFacts): string {
  const money = (value: number) => `${value.toFixed(2)} ${price.currency}`;
  const total = price.server + price.addresses + price.volume;
  const rows: [string, unknown][] = [
    ["IPv4", outputs.ipv4Address],
    ["IPv6", outputs.ipv6Address],
    ["provider", outputs.provider],
    ["model", outputs.model],
    [
      "key",
      `fingerprint ${outputs.fingerprint}${demoKey ? ", a random demo key that opens nothing" : ""}`,
    ],
    [
      "monthly",
      `${money(total)}: ${price.serverType} ${money(price.server)}, addresses ${money(price.addresses)}, ` +
        `volume ${money(price.volume)} (the local cloud's sample prices)`,
    ],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    "desk local",
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${String(value)}`),
    "",
  ].join("\n");
}

export interface Onward {
  readonly url: string;
  readonly variables: Record<string, string>;
  /** Folders of what plain `pulumi` needs and the caller's PATH may lack: the engine, Node. */
  readonly path: readonly string[];
  readonly background: boolean;
}

/** How to go on: with the local desk, and to a real one. */
export function renderOnward({ url, variables, path, background }: Onward): string {
  const exports = Object.entries(variables).map(
    ([name, value]) => `  export ${name}=${quote(value)}`,
  );
  exports.push(`  export PATH=${path.map(quote).join(":")}:"$PATH"`);
  const cloud = background
    ? `The local cloud goes on running at ${url}; \`npm start -- --down\` ends it and removes the desk.`
    : "The local cloud has ended with this command and its state is kept; `npm start -- --keep` leaves it running.";
  return [
    cloud,
    "Plain pulumi goes on with the local desk (while the local cloud runs) after:",
    ...exports,
    "  pulumi stack select local",
    "",
    "A real desk, with a token of a Hetzner Cloud project and a passphrase of your own:",
    "  export PULUMI_BACKEND_URL=file://$HOME/desks PULUMI_CONFIG_PASSPHRASE_FILE=$HOME/.desk-passphrase",
    "  npm run pulumi -- stack init alice",
    "  npm run pulumi -- config set --secret hcloud:token",
    "  npm run pulumi -- config set bureau:provider anthropic",
    "  npm run pulumi -- config set --secret bureau:apiKey",
    "  npm run pulumi -- up",
    "",
  ].join("\n");
}

function quote(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
