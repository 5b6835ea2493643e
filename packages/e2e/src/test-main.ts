import { runTiers, type Tier } from "./tiers.ts";

const all: readonly Tier[] = ["unit", "engine", "guest"];
const [flag, list = "", ...rest] = process.argv.slice(2);

if (flag !== "--tiers") {
  process.exitCode = await runTiers(all, process.argv.slice(2));
} else {
  const wanted = all.filter((tier) => list.split(",").includes(tier));
  if (wanted.length === list.split(",").length) process.exitCode = await runTiers(wanted, rest);
  else {
    process.stderr.write(`npm test: --tiers takes a list of ${all.join(",")}\n`);
    process.exitCode = 2;
  }
}
