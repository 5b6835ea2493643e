import { runTiers } from "./tiers.ts";

process.exitCode = await runTiers(["unit", "engine"], process.argv.slice(2));
