export { defaultCache } from "./cache.ts";
export { engineEnvironment } from "./environment.ts";
export { EngineUnavailableError } from "./errors.ts";
export { findEngine, obtainEngine } from "./obtain.ts";
export { placePlugins } from "./place.ts";
export type { Engine, EngineOptions, Plugin } from "./types.ts";
