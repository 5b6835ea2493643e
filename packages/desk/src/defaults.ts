import { createRequire } from "node:module";

/** Every default of a desk, with its reason. */
export const defaults = {
  /** Smallest type with the 4 GB that OpenClaw needs (1.0 to 1.3 GB for itself, measured idle). */
  serverType: "cx23",
  location: "fsn1",
  /** The release that the guest's files are written for. */
  image: "debian-13",
  /** Twice the agent's own 1.2 GB and room for its work; Hetzner's minimum is 10. */
  dataSizeGb: 20,
  dataProtect: true,
  sshPort: 22,
  rootLogin: false,
  delivery: "cloud-init",
  /** The newest version that the guest was tested with. */
  agentVersion: "2026.9.6",
  readyTimeoutSeconds: 900,
  allowUnlisted: false,
} as const;

/**
 * Version of what the guest's files and the user data look like. A reviewer sees in it that a new
 * release of the library replaces the desk; patch releases never change it.
 */
export const guestVersion = "2";

/**
 * npm's own default registry, from the definitions in its configuration library: never what the
 * machine that runs the engine is set to, which would replace a desk deployed from elsewhere.
 */
export function defaultRegistry(): string {
  const { definitions } = createRequire(import.meta.url)("@npmcli/config/lib/definitions") as {
    definitions: { registry: { default: string } };
  };
  return definitions.registry.default;
}
