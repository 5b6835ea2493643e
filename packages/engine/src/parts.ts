import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The Go modules that the engine is built from. */
export const BUILD_FOLDER = fileURLToPath(new URL("../build", import.meta.url));

/** What one Go module builds; the two modules cannot be one, see build/README.md. */
export interface Part {
  /** Folder under build/, and the first part of the name in the cache. */
  readonly module: "cli" | "plugins";
  readonly title: string;
  /** Measured cold on two cores; a hint for the one who waits. */
  readonly usually: string;
}

export const parts: readonly Part[] = [
  { module: "cli", title: "the Pulumi engine", usually: "4 minutes" },
  { module: "plugins", title: "the plugins of the engine", usually: "3 minutes" },
];

/** A provider that build/plugins makes. */
export interface ProviderPart {
  readonly name: string;
  readonly label: string;
  readonly testDouble: boolean;
  /** True for what runs behind Pulumi's bridge, and so needs a generated schema. */
  readonly bridged: boolean;
  /** The module whose version in go.mod is the real version; undefined for a test double. */
  readonly upstream?: string;
}

export const providers: readonly ProviderPart[] = [
  {
    name: "hcloud",
    label: "1.32.1",
    testDouble: false,
    bridged: true,
    upstream: "github.com/hetznercloud/terraform-provider-hcloud",
  },
  {
    name: "random",
    label: "4.21.2",
    testDouble: false,
    bridged: true,
    upstream: "github.com/terraform-providers/terraform-provider-random",
  },
  { name: "cloudinit", label: "1.6.1", testDouble: true, bridged: true },
  { name: "command", label: "1.2.1", testDouble: true, bridged: false },
];

/** The version of test doubles: there is no real one. */
export const DOUBLE_VERSION = "0.0.0-test-double";

/** The version that go.mod of a build module requires of another module, without the v. */
export function requiredVersion(module: Part["module"], required: string): string {
  const goMod = readFileSync(join(BUILD_FOLDER, module, "go.mod"), "utf8");
  return versionInGoMod(goMod, required);
}

export function versionInGoMod(goMod: string, required: string): string {
  for (const line of goMod.split("\n")) {
    const [path, version] = line
      .replace(/^require\s+/, "")
      .trim()
      .split(/\s+/);
    if (path === required && version?.startsWith("v")) return version.slice(1);
  }
  throw new Error(`go.mod does not require ${required}`);
}
