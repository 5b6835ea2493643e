import type { ProviderName } from "./providers.ts";

/** How requests go wrong. Without `times` until `behaveWell`; without provider or model for all. */
export type Behaviour = {
  readonly provider?: ProviderName;
  readonly model?: string;
  readonly times?: number;
} & (
  | { /** The answer's status, e.g. 529. */ readonly status: number }
  | { /** No answer comes, until the client gives up. */ readonly stall: true }
  | { /** The connection ends after so many events. */ readonly cutAfter: number }
);

export interface Behaviours {
  add(behaviour: Behaviour): void;
  clear(): void;
  /** What holds for a request, which uses it up once. */
  take(provider: ProviderName, model: string | undefined): Behaviour | undefined;
}

export function createBehaviours(): Behaviours {
  let list: { behaviour: Behaviour; left: number }[] = [];
  return {
    add(behaviour) {
      list.push({ behaviour, left: behaviour.times ?? Number.POSITIVE_INFINITY });
    },
    clear() {
      list = [];
    },
    take(provider, model) {
      const found = list.find(
        ({ behaviour, left }) =>
          left > 0 &&
          (behaviour.provider ?? provider) === provider &&
          (behaviour.model ?? model) === model,
      );
      if (found === undefined) return undefined;
      found.left -= 1;
      return found.behaviour;
    },
  };
}
