import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";

/** A resource as it went over the wire, its secrets still in their envelopes. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly parent: string;
  readonly protect: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly importId: string;
  readonly version: string;
}

export interface MockEngine {
  readonly resources: Registered[];
  /** What was given to registerOutputs, by the resource's name. */
  readonly outputs: Map<string, unknown>;
  resource(name: string): Registered;
  reset(): void;
}

/** Requests of Pulumi's SDK, as far as they are read here. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProtect(): boolean;
  getDeletebeforereplace(): boolean;
  getRetainondelete(): boolean;
  getIgnorechangesList(): string[];
  getAdditionalsecretoutputsList(): string[];
  getImportid(): string;
  getVersion(): string;
  getObject(): { toJavaScript(): Record<string, unknown> };
}
interface Struct {
  toJavaScript(): Record<string, unknown>;
}
interface StructClass {
  fromJavaScript(value: Record<string, unknown>): Struct;
}
type Callback = (
  error: unknown,
  response?: { getObject(): Struct; setObject(s: Struct): void },
) => void;

/**
 * A test double of Pulumi's engine: the SDK's mocks, which forget `additionalSecretOutputs` and that
 * a bridged output is secret where the input of its name is. Both are honoured here, as the real
 * engine does, so that a wrapping that is missing shows.
 */
export async function startMockEngine(): Promise<MockEngine> {
  const resources: Registered[] = [];
  const outputs = new Map<string, unknown>();
  const prototype = MockMonitor.prototype as unknown as {
    registerResource(request: RegisterRequest, callback: Callback): Promise<void>;
    registerResourceHook(request: unknown, callback: Callback): void;
    registerResourceOutputs(
      request: { getUrn(): string; getOutputs(): Struct },
      callback: Callback,
    ): void;
  };
  const { registerResource, registerResourceOutputs } = prototype;

  // Hooks are run by the real engine only; the SDK's mocks do not know them.
  prototype.registerResourceHook = (_request, callback) => callback(null);

  prototype.registerResource = function (request, callback) {
    const inputs = request.getObject().toJavaScript();
    const secrets = request.getAdditionalsecretoutputsList();
    resources.push({
      type: request.getType(),
      name: request.getName(),
      inputs,
      parent: request.getParent(),
      protect: request.getProtect(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      retainOnDelete: request.getRetainondelete(),
      ignoreChanges: request.getIgnorechangesList(),
      additionalSecretOutputs: secrets,
      importId: request.getImportid(),
      version: request.getVersion(),
    });
    return registerResource.call(this, request, (error, response) => {
      if (response !== undefined) {
        const answer = Object.entries(response.getObject().toJavaScript()).map(([key, value]) => {
          const secret = secrets.includes(key) || holdsSecret(inputs[key]);
          return [
            key,
            secret && !isSecret(value)
              ? { [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value }
              : value,
          ] as const;
        });
        const struct = request.getObject().constructor as unknown as StructClass;
        response.setObject(struct.fromJavaScript(Object.fromEntries(answer)));
      }
      callback(error, response);
    });
  };
  prototype.registerResourceOutputs = function (request, callback) {
    const name = request.getUrn().split("::").at(-1) ?? "";
    outputs.set(name, request.getOutputs().toJavaScript());
    registerResourceOutputs.call(this, request, callback);
  };

  await pulumi.runtime.setMocks({ call: ({ inputs }) => inputs, newResource }, "bureau", "office");
  return {
    resources,
    outputs,
    resource(name) {
      const found = resources.find((resource) => resource.name === name);
      if (found === undefined) throw new Error(`no resource ${name} was registered`);
      return found;
    },
    reset() {
      resources.length = 0;
      outputs.clear();
    },
  };
}

/** What providers would answer, as far as other resources need it. */
function newResource({ type, name, inputs }: pulumi.runtime.MockResourceArgs) {
  const answers: Record<string, object> = {
    "cloudinit:index/config:Config": { rendered: `rendered:${JSON.stringify(inputs.parts)}` },
    "random:index/randomPassword:RandomPassword": { result: `random-of-${name}` },
    "hcloud:index/primaryIp:PrimaryIp": {
      ipAddress: inputs.type === "ipv4" ? "203.0.113.10" : "2001:db8:1:2::",
    },
  };
  const id = String(1000 + name.length);
  return { id, state: { ...inputs, ...answers[type] } };
}

function isSecret(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Reflect.get(value, pulumi.runtime.specialSigKey) === pulumi.runtime.specialSecretSig
  );
}

export function holdsSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isSecret(value) || Object.values(value).some(holdsSecret);
}

/** Every text outside an envelope, names of fields too. */
export function plainTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || isSecret(value)) return [];
  return Object.entries(value).flatMap(([key, field]) => [key, ...plainTexts(field)]);
}
