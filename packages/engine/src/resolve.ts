import type { Engine } from "./types.ts";

/** The ways to an engine; each answers undefined where it leads to none. */
export interface Ways {
  onPath(): Promise<Engine | undefined>;
  downloaded(): Promise<Engine | undefined>;
  built(): Promise<Engine | undefined>;
  download(): Promise<Engine | undefined>;
  /** The last resort: throws when it fails, with the message for the user. */
  build(): Promise<Engine>;
}

/** The first engine that is there already. */
export async function resolvePresent(ways: Ways): Promise<Engine | undefined> {
  return (await ways.onPath()) ?? (await ways.downloaded()) ?? (await ways.built());
}

/**
 * The engine to use: PATH, official, built. What is there already goes before a download, so that
 * a machine that had to build once does not try the network on every command.
 */
export async function resolveEngine(ways: Ways): Promise<Engine> {
  return (await resolvePresent(ways)) ?? (await ways.download()) ?? (await ways.build());
}
