import { isOnPath, type MachineKind, missingPackages, whyNot } from "@bureau/hetzner-emulator";
import { runOrFail } from "./run.ts";

/** The Debian packages that are missing to make images, and to boot them where that is wanted. */
function missing(boots: MachineKind | undefined): string[] {
  return [
    ...(isOnPath("mmdebstrap") ? [] : ["mmdebstrap"]),
    ...(boots !== undefined && !isOnPath("ssh") ? ["openssh-client"] : []),
    ...(boots === undefined ? [] : missingPackages(boots, true)),
  ];
}

/** Why images cannot be made, or booted, here; undefined where they can. */
export function whyNoImages(boots?: MachineKind): string | undefined {
  const lack = missing(boots);
  const install = `apt-get install -y --no-install-recommends ${lack.join(" ")}`;
  if (process.platform === "linux" && process.getuid?.() !== 0) {
    const first = lack.length === 0 ? "" : `; first, as root: ${install}`;
    return `needs root, for root file systems and namespaces of their own: run it with sudo${first}`;
  }
  if (process.platform !== "linux") return whyNot("nspawn", false);
  if (lack.length > 0) return `needs Debian packages: ${install}`;
  return boots === undefined ? undefined : whyNot(boots, true);
}

/** Installs what is missing, where this is root on Debian; elsewhere it is left to `whyNoImages`. */
export async function installTools(say: (line: string) => void): Promise<void> {
  const lack = missing("nspawn");
  if (lack.length === 0 || process.getuid?.() !== 0 || !isOnPath("apt-get")) return;
  say(`installing Debian packages: ${lack.join(" ")}`);
  await runOrFail("apt-get", ["update", "-q"]);
  await runOrFail("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...lack]);
}
