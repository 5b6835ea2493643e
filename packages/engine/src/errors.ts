/** There is no engine, and none can be had here. The message says what to install. */
export class EngineUnavailableError extends Error {
  override readonly name = "EngineUnavailableError";
}
