// The local cloud as a process of its own, for `npm start -- --keep`. Port and token come
// from the folder, so that neither stands in the process table.
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { localFolder } from "./folder.ts";
import { startLocalCloud } from "./local-cloud.ts";

const [dir = ""] = process.argv.slice(2);
const folder = localFolder(dirname(dir));
const cloud = await startLocalCloud(folder);

const found = JSON.stringify({ pid: process.pid, url: cloud.url });
writeFileSync(`${folder.cloudProcess}.new`, found, { mode: 0o600 });
renameSync(`${folder.cloudProcess}.new`, folder.cloudProcess); // never seen half written

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void cloud.close().then(() => rmSync(folder.cloudProcess, { force: true }));
  });
}
