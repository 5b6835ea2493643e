import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createDesk,
  createGuestWorld,
  deleteDesk,
  type GuestDesk,
  type GuestWorld,
} from "../src/guest.ts";

/** 20 are asked for; CI, which runs all tiers, does with fewer and says so. */
const rounds = Number(process.env.BUREAU_REPLACEMENTS ?? 5);

let world: GuestWorld;

beforeAll(async () => {
  world = await createGuestWorld();
});
afterAll(() => world?.close());

/** Writes rows until it is stopped, and tells after each commit how many there are. */
const writer = `
import sqlite3
db = sqlite3.connect("/srv/desk/home/load.sqlite")
db.execute("create table if not exists rows (n integer primary key, text text)")
while True:
    n = db.execute("insert into rows (text) values (hex(randomblob(500)))").lastrowid
    db.commit()
    with open("/srv/desk/home/committed", "w") as file: file.write(str(n))
`;

/** Of the databases at or below a path: how many, which are damaged, and the load's rows. */
const check = `
import glob, json, sqlite3, sys
paths = [p for p in glob.glob("/srv/desk/" + sys.argv[1], recursive=True) if p.endswith((".sqlite", ".db"))]
bad = []
for path in paths:
    result = sqlite3.connect(path).execute("pragma integrity_check").fetchall()
    if result != [("ok",)]: bad.append([path, result])
rows = sqlite3.connect("/srv/desk/home/load.sqlite").execute("select count(*), max(n) from rows").fetchone()
print(json.dumps({"databases": len(paths), "bad": bad, "rows": rows}))
`;

async function demandWhole(desk: GuestDesk, committed: number, paths: string): Promise<void> {
  const report = await desk.ok(`python3 - '${paths}'`, { input: check });
  const { databases, bad, rows } = JSON.parse(report);
  expect(bad).toEqual([]);
  expect(databases).toBeGreaterThan(0);
  expect(rows[1]).toBeGreaterThanOrEqual(committed);
  expect(rows[0]).toBe(rows[1]);
}

test(`${rounds} replacements under write load lose nothing (20 with BUREAU_REPLACEMENTS=20)`, async () => {
  let volumeId: number | undefined;
  let committed = 0;
  for (let round = 0; ; round += 1) {
    const desk: GuestDesk = await createDesk(world, {
      name: "alice",
      gatewayToken: "0123456789abcdef0123456789abcdef",
      ...(volumeId === undefined ? {} : { volumeId }),
    });
    volumeId = desk.volumeId;
    await desk.ready();
    if (round > 0) await demandWhole(desk, committed, "home/load.sqlite");
    if (round === rounds) {
      // OpenClaw locks its own, so they are looked at when it has stopped.
      await desk.ok("systemctl stop desk-agent");
      await demandWhole(desk, committed, "**/*");
      return;
    }
    await desk.ok('systemd-run -q --uid=agent --unit=load python3 -c "$(cat)"', { input: writer });
    expect(await desk.chat(`Round ${round}.`, "load")).toContain(`Round ${round}.`);
    await desk.until("the load", `test "$(cat /srv/desk/home/committed)" -gt ${committed + 100}`);
    // A turn is under way while the server goes.
    const busy = desk.chat("[slow 100]", "load").catch(() => "cut off");
    await desk.until("the turn", "ss -Htn state established dst 127.0.0.1:18900 | grep -q .");
    committed = Number(await desk.ok("cat /srv/desk/home/committed"));
    await deleteDesk(world, desk);
    await busy;
  }
}, 3_600_000);
