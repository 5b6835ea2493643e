import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hunt } from "@bureau/cli";
import type { GuestDesk } from "../src/guest-desk.ts";
import type { GuestWorld } from "../src/guest-world.ts";

export const agentHunt = readFileSync(new URL("./agent-hunt.py", import.meta.url), "utf8");

const programs = ["usr", "opt/node", "opt/openclaw", "var/lib/apt", "var/lib/dpkg", "var/cache"];

/** Where root may find the provider's key in a desk, and nowhere else. */
export const allowedPlaces = [
  "/etc/desk/secrets/provider-key",
  "/run/credentials/desk-broker.service/keys.conf",
  "/run/desk/secrets/keys.conf",
];

/**
 * Looks for the key as root, in every form, over the whole disk and what lies in memory as files; and
 * in the journal, the process table, and the memory of all processes but the broker's.
 */
export async function huntAsRoot(world: GuestWorld, desk: GuestDesk, key: string) {
  const root = `${world.machines.root(desk.serverId)}/`;
  const report = await hunt({
    secrets: [{ label: "key", value: key }],
    places: [{ label: "disk", path: root }],
    // The kernel's; the cloud's side; the data volume, which is found at its own place; and programs.
    skip: ["proc", "sys", "var/lib/cloud/seed", "run/volumes", ...programs].map((path) =>
      join(root, path),
    ),
    texts: [
      { label: "journal", text: await desk.ok("journalctl --no-pager -o export") },
      { label: "units", text: await desk.ok("systemctl show '*'") },
    ],
  });
  // A gigabyte of programs, as they came with the image, is searched for the key as such alone.
  const { stdout } = await desk.sh(`cd / && grep -rlF -f - ${programs.join(" ")}`, {
    input: `${key}\n`,
  });
  const files = report.findings.map(({ file }) => file.replace(root, "/"));
  const processes = JSON.parse(await desk.ok('python3 -c "$(cat)"', { input: processHunt(key) }));
  const places = [...files, ...processes, ...stdout.split("\n").filter((line) => line !== "")];
  return { files: report.files, places: [...new Set(places)].sort() };
}

/** It knows the key's hash alone, so that the hunter itself is no finding. */
function processHunt(key: string): string {
  const digest = createHash("sha256").update(key).digest("hex");
  return `
import glob, hashlib, json, os, re
pattern = re.compile(b"sk" + b"-[A-Za-z0-9_-]{20,}")
found = []
for path in glob.glob("/proc/[0-9]*"):
    if path.endswith("/%d" % os.getpid()): continue
    try:
        name = open(path + "/comm").read().strip()
        texts = [("environ", open(path + "/environ", "rb").read()), ("cmdline", open(path + "/cmdline", "rb").read())]
        if name != "nginx":
            with open(path + "/maps") as maps, open(path + "/mem", "rb", 0) as mem:
                for line in maps:
                    span, mode = line.split()[:2]
                    start, end = (int(x, 16) for x in span.split("-"))
                    if "w" not in mode or end - start > 2**28: continue
                    try:
                        mem.seek(start)
                        texts.append(("memory", mem.read(end - start)))
                    except (OSError, ValueError): pass
        for kind, text in texts:
            if any(hashlib.sha256(m).hexdigest() == "${digest}" for m in set(pattern.findall(text))):
                found.append(kind + " of " + name)
    except OSError: pass
print(json.dumps(sorted(set(found))))
`;
}

export interface AgentReport {
  /** Place, and hash of the key that was found there. */
  readonly found: readonly (readonly [string, string | null])[];
  readonly probes: readonly string[];
}

/** The attacker's hunt, as user `agent` outside the sandbox of the agent's unit. */
export async function huntAsAgent(desk: GuestDesk): Promise<AgentReport> {
  return JSON.parse(await desk.ok("cd /tmp && python3 -", { user: "agent", input: agentHunt }));
}

/** The same through the agent's own shell tool, where an injected prompt would run it. */
export async function huntByShellTool(desk: GuestDesk): Promise<AgentReport> {
  const home = "/srv/desk/home";
  await desk.ok(`cat > ${home}/hunt.py && chown agent: ${home}/hunt.py`, { input: agentHunt });
  await desk.chat(
    `[run] python3 ${home}/hunt.py > ${home}/hunt.new 2> ${home}/hunt.err; mv ${home}/hunt.new ${home}/hunt.json [/run]`,
    "hunt",
  );
  await desk.until("the hunt's end", `test -e ${home}/hunt.json`);
  return JSON.parse(await desk.ok(`cat ${home}/hunt.json || cat ${home}/hunt.err`));
}

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
