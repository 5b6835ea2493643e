export type { ProviderRequest } from "./app.ts";
export type { Behaviour } from "./behaviour.ts";
export {
  createFakeProvider,
  type FakeProvider,
  type FakeProviderOptions,
  onlyKeys,
} from "./fake-provider.ts";
export { type ProviderName, providerHosts } from "./providers.ts";
