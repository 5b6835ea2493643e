import { runTiers } from "./tiers.ts";

process.exitCode = await runTiers(["slow"], process.argv.slice(2));
