import { ApiError } from "./errors.ts";
import type { Action, ResourceRef } from "./model.ts";
import type { Store } from "./store.ts";

/** How long each command takes with realistic actions, in milliseconds; the order is the vendor's. */
const durations: Readonly<Record<string, number>> = {
  create_server: 2200,
  rebuild_server: 6000,
  change_server_type: 5000,
  create_image: 8000,
  shutdown_server: 2000,
};
const otherDuration = 800;
const failsAtPercent = 60;

export interface Actions {
  /** Starts an action. Its effect is there at once; its resources are locked while it runs. */
  start(command: string, ...resources: readonly [ResourceRef, ...ResourceRef[]]): Action;
  /** The first action that is started meanwhile fails. */
  failFirst<T>(during: () => Promise<T>): Promise<T>;
  /** Takes the store's actions as they are now, after it was loaded anew. */
  reload(): void;
  /** @throws ApiError locked, while an action runs on one of the resources. */
  demandUnlocked(...resources: readonly ResourceRef[]): void;
  running(resource: ResourceRef): Action | undefined;
  format(action: Action): WireAction;
}

interface WireAction {
  readonly id: number;
  readonly command: string;
  readonly status: "running" | "success" | "error";
  readonly progress: number;
  readonly started: string;
  readonly finished: string | null;
  readonly resources: readonly ResourceRef[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Actions are functions of the clock: nothing ticks, an action is looked at when someone asks. */
export function createActions(
  store: Store,
  now: () => Date,
  kind: "instant" | "realistic",
): Actions {
  let nextFails = false;
  /** Actions that may still be running, by resource, so that looking for a lock is no search. */
  const open = new Map<string, Action[]>();
  reload();

  function reload(): void {
    open.clear();
    for (const action of store.actions.values()) if (action.finished === null) remember(action);
  }

  function remember(action: Action): void {
    for (const resource of action.resources) {
      const key = keyOf(resource);
      open.set(key, [...(open.get(key) ?? []), action]);
    }
  }

  function isRunning(action: Action): boolean {
    if (failsAtOnce(action)) return false;
    settle(action);
    return statusOf(action) === "running";
  }

  function elapsed(action: Action): number {
    const spent = now().getTime() - new Date(action.started).getTime();
    return action.duration === 0 ? 1 : Math.min(1, spent / action.duration);
  }

  function statusOf(action: Action): "running" | "success" | "error" {
    const part = elapsed(action);
    if (action.fails) return action.finished === null ? "running" : "error";
    return part >= 1 ? "success" : "running";
  }

  function settle(action: Action): void {
    if (action.finished !== null) return;
    const part = action.fails ? failsAtPercent / 100 : 1;
    if (elapsed(action) >= part) {
      action.finished = new Date(
        new Date(action.started).getTime() + action.duration * part,
      ).toISOString();
    }
  }

  return {
    start(command, ...resources) {
      const action: Action = {
        id: store.nextId(),
        command,
        resources,
        started: now().toISOString(),
        duration: kind === "instant" ? 0 : (durations[command] ?? otherDuration),
        fails: nextFails,
        finished: null,
      };
      nextFails = false;
      if (!failsAtOnce(action)) settle(action);
      store.actions.set(action.id, action);
      if (action.finished === null) remember(action);
      return action;
    },
    async failFirst(during) {
      nextFails = true;
      try {
        return await during();
      } finally {
        nextFails = false;
      }
    },
    reload,
    demandUnlocked(...resources) {
      for (const resource of resources) {
        if (this.running(resource) !== undefined) {
          throw new ApiError(
            "locked",
            `${resource.type} ${resource.id} is locked by a running action`,
          );
        }
      }
    },
    running(resource) {
      const key = keyOf(resource);
      const left = (open.get(key) ?? []).filter(isRunning);
      if (left.length > 0) open.set(key, left);
      else open.delete(key);
      return left[0];
    },
    format(action) {
      if (!failsAtOnce(action)) settle(action);
      const seen = { status: statusOf(action), progress: Math.floor(elapsed(action) * 100) };
      settle(action);
      const failing = action.fails ? Math.min(seen.progress, failsAtPercent) : seen.progress;
      return {
        id: action.id,
        command: action.command,
        status: seen.status,
        progress: failing,
        started: action.started,
        finished: seen.status === "running" ? null : action.finished,
        resources: action.resources,
        error: seen.status === "error" ? { code: "action_failed", message: "Action failed" } : null,
      };
    },
  };
}

/** Such an action is first seen running, so that a client learns of the failure as it polls. */
function failsAtOnce({ fails, duration }: Action): boolean {
  return fails && duration === 0;
}

function keyOf({ type, id }: ResourceRef): string {
  return `${type}/${id}`;
}
