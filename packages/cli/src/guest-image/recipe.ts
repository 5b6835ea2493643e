import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What Hetzner's Debian 13 image has too, as far as a desk needs it. */
export const debianPackages = [
  "systemd-sysv udev dbus cloud-init ifupdown dhcpcd-base openssh-server ca-certificates curl",
  "iproute2 python3 e2fsprogs sudo netbase procps kmod libnss-myhostname openssl",
].flatMap((line) => line.split(" "));

export const suite = "trixie";

/** Manuals and translations, which nobody reads in a test. */
export const leftOut = ["/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*"];

const hostAuthorities = "/usr/local/share/ca-certificates";

/** CAs that the host trusts beyond the usual, by file name; downloads may come through them. */
export function extraAuthorities(folder = hostAuthorities): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return new Map(
    names
      .filter((name) => name.endsWith(".crt"))
      .sort()
      .map((name) => [name.replaceAll("/", "-"), readFileSync(join(folder, name), "utf8")]),
  );
}

/** Twelve hex digits over everything that decides what an image holds. */
export function contentHash(...parts: unknown[]): string {
  const text = JSON.stringify(parts, (_, value: unknown) =>
    value instanceof Map ? [...value] : value,
  );
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
