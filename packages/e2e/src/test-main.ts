import { runTiers } from "./tiers.ts";

process.exitCode = await runTiers(["unit", "engine", "guest"], process.argv.slice(2));
