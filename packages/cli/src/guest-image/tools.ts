import { isOnPath, missingPackages, whyNot } from "@bureau/hetzner-emulator";
import { runOrFail } from "./run.ts";

/** The Debian packages that are missing to make images, and to boot them where that is wanted. */
function missing(boots: boolean): string[] {
  return [
    ...(isOnPath("mmdebstrap") ? [] : ["mmdebstrap"]),
    ...(boots && !isOnPath("ssh") ? ["openssh-client"] : []),
    ...(boots ? missingPackages("nspawn", true) : []),
  ];
}

/** Why images cannot be made, or booted, here; undefined where they can. */
export function whyNoImages(boots = false): string | undefined {
  const lack = missing(boots);
  const install = `apt-get install -y --no-install-recommends ${lack.join(" ")}`;
  if (process.platform === "linux" && process.getuid?.() !== 0) {
    const first = lack.length === 0 ? "" : `; first, as root: ${install}`;
    return `needs root, for root file systems and namespaces of their own: run it with sudo${first}`;
  }
  if (process.platform !== "linux") return whyNot("nspawn", false);
  return lack.length === 0 ? undefined : `needs Debian packages: ${install}`;
}

/** Installs what is missing, where this is root on Debian; elsewhere it is left to `whyNoImages`. */
export async function installTools(say: (line: string) => void): Promise<void> {
  const lack = missing(true);
  if (lack.length === 0 || process.getuid?.() !== 0 || !isOnPath("apt-get")) return;
  say(`installing Debian packages: ${lack.join(" ")}`);
  await runOrFail("apt-get", ["update", "-q"]);
  await runOrFail("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...lack]);
}
