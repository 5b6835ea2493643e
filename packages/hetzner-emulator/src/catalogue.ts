import { readFileSync } from "node:fs";

export interface Location {
  readonly name: string;
  readonly description: string;
  readonly country: string;
  readonly city: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly networkZone: string;
}

export interface ServerType {
  readonly name: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly diskGb: number;
  readonly architecture: "x86" | "arm";
  readonly cpuType: "shared" | "dedicated";
  readonly locations: readonly string[];
  /** Sample price in euros, net. */
  readonly monthly: number;
}

interface Catalogue {
  readonly date: string;
  readonly locations: readonly Location[];
  readonly serverTypes: readonly ServerType[];
  /** Pairs of server type and location that are offered and just now sold out. */
  readonly unavailable: readonly (readonly [string, string])[];
  readonly images: readonly {
    readonly name: string;
    readonly description: string;
    readonly osFlavor: string;
    readonly osVersion: string;
  }[];
  readonly prices: {
    readonly ipv4Monthly: number;
    readonly volumeGbMonthly: number;
    readonly imageGbMonthly: number;
    readonly backupPercent: number;
    readonly vatPercent: number;
  };
}

/** What is on sale, read-only, from one dated file. */
export const catalogue: Catalogue = JSON.parse(
  readFileSync(new URL("../catalogue.json", import.meta.url), "utf8"),
);

export function locationNamed(name: string): Location | undefined {
  return catalogue.locations.find((location) => location.name === name);
}

export function serverTypeNamed(name: string): ServerType | undefined {
  return catalogue.serverTypes.find((type) => type.name === name);
}

export function isAvailable(type: string, location: string): boolean {
  return !catalogue.unavailable.some(([t, l]) => t === type && l === location);
}
