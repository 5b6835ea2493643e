import { EngineUnavailableError } from "./errors.ts";
import { obtainEngine } from "./obtain.ts";
import { renderWhere } from "./where.ts";

/** `npm run engine [-- --where]`: gets the engine if need be; --where prints what was found. */
async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== "--where");
  if (unknown !== undefined) {
    process.stderr.write(`engine: unknown argument ${unknown}; the only one is --where\n`);
    return 2;
  }
  const engine = await obtainEngine({ onProgress: (line) => process.stderr.write(`${line}\n`) });
  const ready = `Pulumi ${engine.version} is ready (--where tells more)\n`;
  process.stdout.write(args.length === 0 ? ready : renderWhere(engine));
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof EngineUnavailableError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
