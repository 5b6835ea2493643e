export type {
  AccessArgs,
  AgentArgs,
  DataArgs,
  DeskArgs,
  EmbeddingsArgs,
  ProviderArgs,
  RotationArgs,
  SshAccessArgs,
} from "./args.ts";
export { Delivery } from "./args.ts";
export { type Architecture, locations, type ServerType, serverTypes } from "./catalogue.ts";
export { renderUserData, type UserDataInput } from "./cloud-config.ts";
export { DESK_TYPE, Desk } from "./desk.ts";
export { environmentIssues } from "./environment.ts";
export { DeskInputError, type DeskIssue } from "./errors.ts";
export { fingerprint } from "./fingerprint.ts";
export { type GuestFile, installFiles } from "./guest-files.ts";
export { renderImageUserData } from "./image-user-data.ts";
export { type Model, models } from "./models.ts";
export { nearest } from "./nearest.ts";
export { EmbeddingsProviderName, type Provider, ProviderName, providers } from "./providers.ts";
export { type DeskSettings, deskName, parseSettings } from "./settings.ts";
