import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { runCommand } from "@bureau/cli";

/** The last release that brings the plugin along; the host that it is adapted to no longer does. */
const release = {
  version: "2026.4.29",
  integrity:
    "sha512-IRhX38ow4Hj79DdjEKEt1XsfA0DgjqDuNnGvhHEbsQTbgZpcRwbpqxEg6VlLIF9BYsE2tC2EAcbgHAx3G8hYhlWjqg==",
};
const hostVersion = "2026.9.6";
const name = "@openclaw/memory-lancedb";

/** As the plugin names them, made exact; LanceDB's binary is an optional package of its own. */
const dependencies = {
  "@lancedb/lancedb": "0.27.2",
  "apache-arrow": "18.1.0",
  openai: "6.34.0",
  typebox: "1.1.34",
};

/** Where the plugin's code is in the tarball, and what it is called in the folder made. */
const files = {
  "index.js": "package/dist/extensions/memory-lancedb/index.js",
  "config.js": "package/dist/config-acsZsRTx.js",
  "openclaw.plugin.json": "package/dist/extensions/memory-lancedb/openclaw.plugin.json",
  LICENSE: "package/LICENSE",
};
