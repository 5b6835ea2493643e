import { catalogue } from "./catalogue.ts";
import type { Action, Firewall, Image, PrimaryIp, Server, SshKey, Volume } from "./model.ts";

/** One kind of resource: found by id and by name without a search. */
class Collection<T extends { readonly id: number; name: string }> {
  readonly #items = new Map<number, T>();
  readonly #names = new Map<string, number>();

  get(id: number): T | undefined {
    return this.#items.get(id);
  }

  byName(name: string): T | undefined {
    const id = this.#names.get(name);
    return id === undefined ? undefined : this.#items.get(id);
  }

  all(): T[] {
    return [...this.#items.values()];
  }

  get size(): number {
    return this.#items.size;
  }

  add(item: T): T {
    this.#items.set(item.id, item);
    this.#names.set(item.name, item.id);
    return item;
  }

  rename(item: T, name: string): void {
    this.#names.delete(item.name);
    item.name = name;
    this.#names.set(name, item.id);
  }

  clear(): void {
    this.#items.clear();
    this.#names.clear();
  }

  delete(item: T): void {
    this.#items.delete(item.id);
    this.#names.delete(item.name);
  }
}

export interface StoredState {
  readonly nextId: number;
  readonly servers: Server[];
  readonly volumes: Volume[];
  readonly primaryIps: PrimaryIp[];
  readonly firewalls: Firewall[];
  readonly sshKeys: SshKey[];
  readonly images: Image[];
  readonly actions: Action[];
}

/** Ids of what is made start here; the system images' are below. */
const firstId = 1001;

/** Everything that the cloud knows. */
export class Store {
  readonly servers = new Collection<Server>();
  readonly volumes = new Collection<Volume>();
  readonly primaryIps = new Collection<PrimaryIp>();
  readonly firewalls = new Collection<Firewall>();
  readonly sshKeys = new Collection<SshKey>();
  /** System images share their names, one of each architecture, so names are not their index. */
  readonly images = new Map<number, Image>();
  readonly actions = new Map<number, Action>();
  #nextId = firstId;

  constructor(state?: StoredState) {
    for (const image of systemImages()) this.images.set(image.id, image);
    if (state !== undefined) this.load(state);
  }

  /** Forgets what there is and takes this instead. */
  load(state: StoredState): void {
    for (const collection of [
      this.servers,
      this.volumes,
      this.primaryIps,
      this.firewalls,
      this.sshKeys,
    ]) {
      collection.clear();
    }
    for (const image of this.images.values())
      if (image.type !== "system") this.images.delete(image.id);
    this.actions.clear();
    this.#nextId = state.nextId;
    for (const server of state.servers) this.servers.add(server);
    for (const volume of state.volumes) this.volumes.add(volume);
    for (const primaryIp of state.primaryIps) this.primaryIps.add(primaryIp);
    for (const firewall of state.firewalls) this.firewalls.add(firewall);
    for (const sshKey of state.sshKeys) this.sshKeys.add(sshKey);
    for (const image of state.images) this.images.set(image.id, image);
    for (const action of state.actions) this.actions.set(action.id, action);
  }

  /** Takes back every change to what was there before; what has come since stays. */
  revert(before: StoredState): void {
    restore(this.servers, before.servers);
    restore(this.volumes, before.volumes);
    restore(this.primaryIps, before.primaryIps);
    restore(this.firewalls, before.firewalls);
    for (const image of before.images) this.images.set(image.id, image);
  }

  nextId(): number {
    this.#nextId += 1;
    return this.#nextId - 1;
  }

  state(): StoredState {
    return {
      nextId: this.#nextId,
      servers: this.servers.all(),
      volumes: this.volumes.all(),
      primaryIps: this.primaryIps.all(),
      firewalls: this.firewalls.all(),
      sshKeys: this.sshKeys.all(),
      images: [...this.images.values()].filter(({ type }) => type !== "system"),
      actions: [...this.actions.values()],
    };
  }
}

function restore<T extends { readonly id: number; name: string }>(
  collection: Collection<T>,
  before: readonly T[],
): void {
  for (const item of before) {
    const now = collection.get(item.id);
    if (now !== undefined) collection.delete(now);
    collection.add(item);
  }
}

function systemImages(): Image[] {
  return catalogue.images.flatMap(({ name, description, osFlavor, osVersion }, i) =>
    (["x86", "arm"] as const).map((architecture, j) => ({
      id: 101 + 2 * i + j,
      name,
      created: `${catalogue.date}T00:00:00Z`,
      labels: {},
      type: "system" as const,
      description,
      architecture,
      osFlavor,
      osVersion,
      diskSize: 5,
      createdFrom: null,
      boundTo: null,
      protection: { delete: false },
    })),
  );
}
