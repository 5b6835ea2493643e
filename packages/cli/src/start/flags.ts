import { parseArgs } from "node:util";

export interface StartFlags {
  readonly keep: boolean;
  readonly down: boolean;
  readonly help: boolean;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
}

export const startHelp = `npm start [-- OPTIONS]
Brings up the desk of stack "local" against a Hetzner Cloud emulator on this machine.

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
    },
  });
  return values;
}
