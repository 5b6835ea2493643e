import { parseArgs } from "node:util";

export interface StartFlags {
  /** What stands behind the local cloud's servers; undefined: what did in the last run. */
  readonly machines?: "none" | "nspawn" | undefined;
  readonly keep: boolean;
  readonly down: boolean;
  readonly help: boolean;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
}

export const startHelp = `npm start [-- OPTIONS]
Brings up the desk of stack "local" against a Hetzner Cloud emulator on this machine.

  --machines KIND   none (default): servers exist in the API alone; nspawn: they boot, as containers
                    (root on Linux; a chat is sent to the desk and answered)
  --keep            leave the local cloud running when the command ends
  --down            remove the desk, its stack, its state and the local cloud
  --provider NAME   anthropic, openai or openrouter
  --model ID        the vendor's own id of the model
  --help            this text

BUREAU_PROVIDER, BUREAU_API_KEY and BUREAU_MODEL answer the questions where no terminal can.
A key is never taken as an argument.
`;

/** @throws TypeError with one line that names the flag, for a flag that does not exist. */
export function parseFlags(args: readonly string[]): StartFlags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      keep: { type: "boolean", default: false },
      down: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      provider: { type: "string" },
      model: { type: "string" },
      machines: { type: "string" },
    },
  });
  const { machines, ...others } = values;
  if (machines === undefined) return others;
  if (machines !== "none" && machines !== "nspawn")
    throw new TypeError("--machines is none or nspawn");
  return { ...others, machines };
}
