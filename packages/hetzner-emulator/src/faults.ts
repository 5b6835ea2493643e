import type { ErrorCode } from "./errors.ts";

/** What goes wrong. Exactly one of these. */
type FaultKind =
  | { readonly error: ErrorCode }
  /** A bare status of 500 to 599 with a page that is no JSON, as a proxy sends it. */
  | { readonly status: number }
  /** The request is heard and never answered. */
  | { readonly timeout: true }
  /** The connection ends without an answer: before anything was done, or after it was. */
  | { readonly cut: "before" | "after" }
  /** The request succeeds, and the action that it starts fails at 60 %. */
  | { readonly actionFails: true };

export type Fault = FaultKind & {
  /** @default - any method */
  readonly method?: string;
  /** Beginning of the path after /v1, or a pattern for it. */
  readonly path: string | RegExp;
  /** @default 1 */
  readonly times?: number;
};

export interface Faults {
  add(fault: Fault): void;
  /** The fault that this request meets, once less to come. */
  take(method: string, path: string): Fault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  let waiting: { fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      waiting.push({ fault, left: fault.times ?? 1 });
    },
    take(method, path) {
      const found = waiting.find(({ fault }) => meets(fault, method, path));
      if (found === undefined) return undefined;
      found.left -= 1;
      waiting = waiting.filter(({ left }) => left > 0);
      return found.fault;
    },
    clear() {
      waiting = [];
    },
  };
}

function meets(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false;
  return typeof fault.path === "string" ? path.startsWith(fault.path) : fault.path.test(path);
}
