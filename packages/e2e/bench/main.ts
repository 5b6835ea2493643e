import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { obtainEngine } from "@bureau/engine";
import { deskAgainstFlat } from "./desk-vs-flat.ts";
import { emulatorAtSize } from "./emulator.ts";
import { growth } from "./growth.ts";
import { deskFromBoot } from "./guest.ts";
import { type Row, renderTable } from "./measure.ts";
import { shareOfOurs } from "./ours.ts";
import { requestsPerOperation } from "./requests.ts";
import { userDataSize } from "./user-data.ts";

const benches: Record<string, () => Promise<Row[]>> = {
  "user-data": userDataSize,
  requests: requestsPerOperation,
  flat: deskAgainstFlat,
  ours: shareOfOurs,
  growth: () => growth([1, 10, 50], 20),
  emulator: emulatorAtSize,
  guest: deskFromBoot,
};

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let names: string[];
  let json: string | undefined;
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: "string" } },
    });
    const unknown = positionals.find((name) => !Object.hasOwn(benches, name));
    if (unknown !== undefined)
      throw new Error(`no benchmark "${unknown}"; there are ${Object.keys(benches).join(", ")}`);
    names = positionals.length > 0 ? positionals : Object.keys(benches);
    json = values.json;
  } catch (error) {
    process.stderr.write(`npm run bench: ${error instanceof Error ? error.message : error}\n`);
    return 2;
  }
  await obtainEngine({ onProgress: (line) => process.stderr.write(`${line}\n`) });
  const rows: Row[] = [];
  for (const name of names) {
    process.stderr.write(`measuring ${name} ...\n`);
    rows.push(...((await benches[name]?.()) ?? []));
  }
  process.stdout.write(`${renderTable(rows)}\n`);
  const file = json ?? "bench-results.json";
  writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`);
  process.stderr.write(`as JSON: ${file}\n`);
  return 0;
}
