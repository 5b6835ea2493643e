/** What is wrong with a value, and what to do about it. Neither ever holds a part of a secret. */
export interface Problem {
  /** Completes "FIELD: ...": `must be a host name, is "-x"`. No full stop. */
  readonly rule: string;
  /** A sentence. */
  readonly remedy: string;
}
