import { readAsset } from "./assets.ts";

export type Architecture = "x86" | "arm";

export interface ServerType {
  readonly name: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly diskGb: number;
  readonly architecture: Architecture;
  readonly locations: readonly string[];
}

const catalogue: { locations: string[]; serverTypes: ServerType[] } = JSON.parse(
  readAsset("catalogue.json"),
);

/** Server types that can be ordered, as of the date in catalogue.json. */
export const serverTypes: readonly ServerType[] = catalogue.serverTypes;

export const locations: readonly string[] = catalogue.locations;

/** Vendor's naming: every Ampere type begins with cax. Holds for types that the list lacks, too. */
export function architectureOf(serverType: string): Architecture {
  const listed = serverTypes.find(({ name }) => name === serverType);
  return listed?.architecture ?? (serverType.startsWith("cax") ? "arm" : "x86");
}
