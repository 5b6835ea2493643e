// Makes models.json anew from the model lists of the npm package @earendil-works/pi-ai (MIT).
// `node scripts/models.ts VERSION`. The package is unpacked, not installed: only its data is used.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface Listed {
  id: string;
  name: string;
  contextWindow?: number;
  cost?: { input: number; output: number };
}

/** The licence that the lists come under; the tarball has no file of it, only its name and author. */
const notice =
  "The MIT License. Copyright (c) Mario Zechner. Permission is hereby granted, free of charge, to any " +
  'person obtaining a copy of this software and associated documentation files (the "Software"), to ' +
  "deal in the Software without restriction, including without limitation the rights to use, copy, " +
  "modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit " +
  "persons to whom the Software is furnished to do so, subject to the following conditions: The above " +
  "copyright notice and this permission notice shall be included in all copies or substantial portions " +
  'of the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR ' +
  "IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR " +
  "PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY " +
  "CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING " +
  "FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.";

const [version = "1.5.2"] = process.argv.slice(2);
const dir = mkdtempSync(join(tmpdir(), "bureau-models-"));
try {
  const packed = execFileSync("npm", ["pack", "-s", `@earendil-works/pi-ai@${version}`], {
    cwd: dir,
    encoding: "utf8",
  });
  execFileSync("tar", ["-xzf", packed.trim()], { cwd: dir });
  const out = {
    source: `@earendil-works/pi-ai ${version}`,
    notice,
    date: new Date().toISOString().slice(0, 10),
    units: "contextTokens: tokens; input and output: US dollars per million tokens",
    providers: Object.fromEntries(
      ["anthropic", "openai", "openrouter"].map((name) => [name, read(name)]),
    ),
  };
  writeFileSync(fileURLToPath(new URL("../models.json", import.meta.url)), render(out));
} finally {
  rmSync(dir, { recursive: true });
}

function read(provider: string) {
  const file = join(dir, "package/dist/providers/data", `${provider}.json`);
  const byApi: Record<string, Record<string, Listed>> = JSON.parse(readFileSync(file, "utf8"));
  const chat = Object.values(byApi)
    .flatMap((models) => Object.entries(models))
    .filter(([key]) => key.startsWith("chat:"))
    .map(([, model]) => model)
    // Aliases that move ("~vendor/name-latest") are no ids to pin a desk to.
    .filter(({ id }) => /^[a-z0-9]/i.test(id))
    // OpenRouter's own ids are vendor/model without exception.
    .filter(({ id }) => provider !== "openrouter" || id.includes("/"));
  const unique = new Map(chat.map((model) => [model.id, model]));
  return [...unique.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, name, contextWindow, cost }) => ({
      id,
      name,
      contextTokens: contextWindow ?? null,
      input: cost?.input ?? null,
      output: cost?.output ?? null,
    }));
}

/** One model a line, so that a new list can be reviewed as a diff. */
function render(out: { providers: Record<string, unknown[]> }): string {
  const { providers, ...head } = out;
  const lists = Object.entries(providers).map(
    ([name, models]) =>
      `    ${JSON.stringify(name)}: [\n${models.map((model) => `      ${JSON.stringify(model)}`).join(",\n")}\n    ]`,
  );
  const fields = Object.entries(head).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{\n${[...fields, `  "providers": {\n${lists.join(",\n")}\n  }`].join(",\n")}\n}\n`;
}
