/** A plugin that the built engine brings along. The official engine downloads its own. */
export interface Plugin {
  readonly kind: "resource" | "language";
  readonly name: string;
  /** The version of the code inside, e.g. that of the upstream provider behind Pulumi's bridge. */
  readonly version: string;
  /** The version under which programs ask for it, which is that of the Pulumi package. */
  readonly label: string;
  readonly testDouble: boolean;
  /** Absolute path of the executable. */
  readonly path: string;
}

/** A Pulumi engine that can be run. */
export interface Engine {
  /** `path`: found on PATH; `official`: downloaded from Pulumi; `built`: from Go modules. */
  readonly origin: "path" | "official" | "built";
  /** Without a leading v, e.g. `3.259.0`. */
  readonly version: string;
  /** Absolute path of the executable. */
  readonly cli: string;
  /** Empty unless the engine is built. */
  readonly plugins: readonly Plugin[];
}

export interface EngineOptions {
  /** @default BUREAU_CACHE, else `bureau` under XDG_CACHE_HOME, else `~/.cache/bureau` */
  cacheDir?: string;
  /** Gets one line for each thing that takes time. @default - silence */
  onProgress?: (line: string) => void;
  /** @default process.env */
  env?: NodeJS.ProcessEnv;
}
