import { type Actions, createActions } from "./actions.ts";
import { createFaults, type Faults } from "./faults.ts";
import { type Machines, noMachines } from "./machines.ts";
import { Store, type StoredState } from "./store.ts";

/** How many of each a project may have. */
export interface Limits {
  readonly servers: number;
  readonly volumes: number;
  readonly primaryIps: number;
  readonly firewalls: number;
}

/** What every request handler works on. */
export interface Context {
  readonly store: Store;
  readonly actions: Actions;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly machines: Machines;
  readonly now: () => Date;
}

export interface ContextOptions {
  readonly state?: StoredState | undefined;
  readonly actions: "instant" | "realistic";
  readonly limits?: Partial<Limits> | undefined;
  readonly machines?: Machines | undefined;
  readonly now: () => Date;
}

/** Generous, so that only who asks for a limit meets one. */
const defaultLimits: Limits = {
  servers: 10_000,
  volumes: 10_000,
  primaryIps: 20_000,
  firewalls: 10_000,
};

export function createContext({ state, actions, limits, machines, now }: ContextOptions): Context {
  const store = new Store(state);
  return {
    store,
    actions: createActions(store, now, actions),
    faults: createFaults(),
    limits: { ...defaultLimits, ...limits },
    machines: machines ?? noMachines,
    now,
  };
}
