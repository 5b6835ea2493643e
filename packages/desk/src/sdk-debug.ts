import * as pulumi from "@pulumi/pulumi";

const guarded = Symbol.for("bureau.guarded-debug");

type Debug = typeof pulumi.log.debug & { [guarded]?: true };

/**
 * Keeps the engine's answers out of the debug log. The SDK sends each of them there, with the secrets
 * of all outputs in plain: into engine event logs, and so into the file that the Automation API makes
 * of them, and onto the terminal with --debug. Nothing else that it logs is touched.
 */
export function guardDebugLog(): void {
  const debug: Debug = pulumi.log.debug;
  if (debug[guarded]) return;
  const quiet: Debug = (message, ...rest) =>
    /RPC finished: .*resp: /s.test(message) ? Promise.resolve() : debug(message, ...rest);
  quiet[guarded] = true;
  // The SDK calls it through this object, of which every import of the SDK sees the same one.
  Object.assign(pulumi.log, { debug: quiet });
}
