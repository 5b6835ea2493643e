import { readFileSync } from "node:fs";
import { z } from "zod";
import { isLoopback } from "../loopback.ts";

const servicePattern = /^(\[::1\]|[0-9.]+|localhost):(\d{1,5})$/;
const service = z.string().refine(
  (text) => {
    const [, host = "", port = ""] = servicePattern.exec(text) ?? [];
    return isLoopback(host.replaceAll(/[[\]]/g, "")) && Number(port) <= 65_535;
  },
  { message: "is no service on loopback; name one as 127.0.0.1:PORT" },
);
const worldSchema = z.strictObject({
  hosts: z.record(z.hostname(), service).default({}),
  ca: z.string().startsWith("-----BEGIN CERTIFICATE-----", "is no certificate in PEM").optional(),
  outbound: z.boolean().default(false),
});

/** What a server can reach beyond the cloud itself. */
export interface World {
  /** Host name, answered on ports 443 and 80, to `127.0.0.1:PORT` of a service on this machine. */
  readonly hosts: Readonly<Record<string, string>>;
  /** A certificate authority, in PEM, that servers trust besides their image's. */
  readonly ca?: string | undefined;
  /** Whether servers reach other networks, too, as the user who runs the emulator does. */
  readonly outbound: boolean;
}

/** @throws Error that names what is wrong with it. */
export function parseWorld(value: unknown): World {
  const result = worldSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.join(".") || "it"}: ${message}`,
  );
  throw new Error(`the world is not understood: ${problems.join("; ")}`);
}

/** @throws Error for a file that is not there, no JSON, or not understood. */
export function readWorld(file: string): World {
  return parseWorld(JSON.parse(readFileSync(file, "utf8")));
}

/** Each host gets an address of TEST-NET-2 (RFC 5737): nobody's, so nothing else is hidden by it. */
export function addressesOf({ hosts }: World): Map<string, string> {
  return new Map(Object.keys(hosts).map((name, i) => [name, `198.51.100.${i + 1}`]));
}
