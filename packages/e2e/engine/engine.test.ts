import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findEngine } from "@bureau/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const pulumiMain = join(root, "packages/engine/src/pulumi-main.ts");
const dir = realpathSync(mkdtempSync(join(tmpdir(), "bureau-engine-test-")));
const home = join(dir, "home");

// The passwords and texts here guard nothing.
const env = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  XDG_CACHE_HOME: process.env.XDG_CACHE_HOME,
  BUREAU_CACHE: process.env.BUREAU_CACHE,
  INIT_CWD: dir,
  PULUMI_HOME: home,
  PULUMI_BACKEND_URL: `file://${join(dir, "backend")}`,
  PULUMI_CONFIG_PASSPHRASE: "a throwaway stack",
};

/** `npm run pulumi -- ARGS`, called in the folder of all projects of this file. */
async function pulumi(...args: string[]) {
  const command = [pulumiMain, ...args, "--non-interactive", "--color=never"];
  const child = spawn(process.execPath, ["--conditions=@bureau/source", ...command], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const result = { stdout: "", stderr: "", code: -1 };
  child.stdout.on("data", (data) => {
    result.stdout += data;
  });
  child.stderr.on("data", (data) => {
    result.stderr += data;
  });
  [result.code] = await once(child, "close");
  return result;
}

/** Writes files; programs resolve packages as in the workspace. */
function folder(name: string, files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name, file)), { recursive: true });
    writeFileSync(join(dir, name, file), text);
  }
  symlinkSync(join(root, "node_modules"), join(dir, name, "node_modules"));
}

beforeAll(async () => {
  if ((await findEngine()) === undefined)
    throw new Error("no Pulumi engine; `npm test` or `npm run engine` gets one");
  mkdirSync(join(dir, "backend"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("a program in a folder that main names, run unbuilt", () => {
  test("comes up in an empty Pulumi home, with what it prints and exports", async () => {
    folder("tiny", {
      "Pulumi.yaml":
        "name: tiny\nmain: infra\nstackConfigDir: stacks\nruntime:\n  name: nodejs\n" +
        '  options: { typescript: false, nodeargs: "--conditions=@bureau/source --no-deprecation" }\n',
      "stacks/Pulumi.dev.yaml": "config: { tiny:who: ada }\n",
      "infra/package.json":
        '{ "name": "tiny", "type": "module", "main": "index.ts",' +
        ' "dependencies": { "@pulumi/pulumi": "*", "@pulumi/random": "*" } }',
      "infra/index.ts": TINY,
    });
    expect(await pulumi("stack", "init", "dev", "-C", "tiny")).toMatchObject({ code: 0 });
    const up = await pulumi("up", "--yes", "--skip-preview", "-C", "tiny");
    expect(up, up.stdout + up.stderr).toMatchObject({ code: 0 });
    expect(up.stdout).toContain("hello ada");
    const { random } = exactVersions();
    expect(readdirSync(join(home, "plugins"))).toContain(`resource-random-v${random}`);
  });

  test("stack export prints JSON and nothing else, and the cloudinit text is the official one", async () => {
    const { stdout, code } = await pulumi("-C", "tiny", "stack", "export");
    expect(code).toBe(0);
    const { deployment } = JSON.parse(stdout);
    const types = deployment.resources.map(({ type }: { type: string }) => type);
    expect(types).toContain("random:index/randomPassword:RandomPassword");
    const outputs = await pulumi("stack", "output", "--json", "--cwd=tiny");
    expect(JSON.parse(outputs.stdout)).toEqual({
      conditional: true,
      length: 12,
      rendered: OFFICIAL,
    });
  });

  test("a second up changes nothing", async () => {
    const { code } = await pulumi("preview", "--expect-no-changes", "-C", "tiny");
    expect(code).toBe(0);
  });

  test("a failure has the engine's own exit code", async () => {
    const engine = await findEngine();
    const direct = spawn(engine?.cli ?? "", ["stack", "select", "nope"], {
      cwd: join(dir, "tiny"),
      env,
      stdio: "ignore",
    });
    const [code] = await once(direct, "close");
    expect(code).not.toBe(0);
    expect(await pulumi("stack", "select", "nope", "-C", "tiny")).toMatchObject({
      code,
      stdout: "",
    });
  });

  test("a policy pack sees the resources and the stack's configuration", async () => {
    folder("pack", {
      "PulumiPolicy.yaml": "runtime: nodejs\n",
      "package.json": '{ "name": "pack", "version": "1.0.0", "main": "index.js" }',
      "index.js": PACK,
    });
    const args = ["preview", "--policy-pack", join(dir, "pack"), "-C", "tiny"];
    const { stdout, code } = await pulumi(...args);
    expect(code, stdout).toBe(0);
    expect(stdout).toContain("seen for ada: random:index/randomPassword:RandomPassword");
  });
});

test("a program that throws fails with its message", async () => {
  folder("broken", {
    "Pulumi.yaml": "name: broken\nruntime: { name: nodejs, options: { typescript: false } }\n",
    "package.json": '{ "name": "broken", "type": "module", "main": "index.js" }',
    // With a stack it would take half a minute: Node 22 loops over it (nodejs/node#64011).
    "index.js":
      'import { RunError } from "@pulumi/pulumi";\n' +
      'throw Object.assign(new RunError("there is no such desk"), { stack: "" });\n',
  });
  await pulumi("stack", "init", "dev", "-C", "broken");
  const up = await pulumi("up", "--yes", "--skip-preview", "-C", "broken");
  expect(up.code).not.toBe(0);
  expect(up.stdout).toContain("there is no such desk");
  expect(up.stdout).not.toContain("exit code");
});

test("a CommonJS program in TypeScript runs through ts-node", async () => {
  folder("typed", {
    "Pulumi.yaml": "name: typed\nruntime: { name: nodejs, options: { packagemanager: npm } }\n",
    "package.json": '{ "name": "typed", "main": "index.ts" }',
    "tsconfig.json":
      '{ "compilerOptions": { "strict": true, "target": "es2020", "module": "nodenext",' +
      ' "moduleResolution": "nodenext", "skipLibCheck": true }, "files": ["index.ts"] }',
    // An enum is what Node alone could not run.
    "index.ts":
      'import * as pulumi from "@pulumi/pulumi";\nenum Colour { Red = "red" }\n' +
      "export const colour = pulumi.output<string>(Colour.Red);\n",
  });
  await pulumi("stack", "init", "dev", "-C", "typed");
  const up = await pulumi("up", "--yes", "--skip-preview", "-C", "typed");
  expect(up.code, up.stdout).toBe(0);
  expect(up.stdout).toContain('colour: "red"');
});

test("a component package runs as a plugin", async () => {
  folder("greeter", {
    "PulumiPlugin.yaml": "runtime: nodejs\n",
    "package.json": '{ "name": "greeter", "main": "index.js" }',
    "tsconfig.json":
      '{ "compilerOptions": { "strict": true, "target": "es2020", "module": "nodenext",' +
      ' "moduleResolution": "nodenext", "skipLibCheck": true }, "files": ["index.ts"] }',
    "index.ts": GREETER,
  });
  folder("caller", {
    "Pulumi.yaml":
      "name: caller\nruntime: { name: nodejs, options: { typescript: false } }\n" +
      "plugins: { providers: [{ name: greeter, path: ../greeter }] }\n",
    "package.json": '{ "name": "caller", "type": "module", "main": "index.js" }',
    "index.js": CALLER,
  });
  await pulumi("stack", "init", "dev", "-C", "caller");
  const up = await pulumi("up", "--yes", "--skip-preview", "-C", "caller");
  expect(up.code, up.stdout).toBe(0);
  expect(up.stdout).toContain('text: "hello ada"');
});

function exactVersions(): { random: string } {
  const manifest = JSON.parse(
    readFileSync(join(root, "node_modules/@pulumi/random/package.json"), "utf8"),
  );
  return { random: manifest.pulumi.version };
}

/** What the official provider's own acceptance test expects of the Config below. */
const OFFICIAL =
  "H4sIAAAAAAAA/2TNuwrCQBCF4X5h32FJP0YrIWLhJYVFFEQFy1xGM5DMhtkJJG8vWkjQ8sDP+XaeFVnhMnaYuLZvlLpcNG5p" +
  "wGrlCt9zlcu4jrJDlm5P1+N+c75H5r3ghhLIc+IWs7k11gBMI2u+35JzeKBAyqWviJ+JWxakk+CDKw4aDxBqbJpQCnVqTUYt" +
  "/jk1jlqj4K8IYM0rAAD//0u6BO3QAAAA";

const TINY = `
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

class Config extends pulumi.CustomResource {
  declare readonly rendered: pulumi.Output<string>;
  constructor(name: string, args: Record<string, unknown>) {
    super("cloudinit:index/config:Config", name, { ...args, rendered: undefined }, { version: "1.6.1" });
  }
}
console.log("hello " + new pulumi.Config().require("who"));
const password = new random.RandomPassword("password", { length: 12 });
const config = new Config("config", {
  parts: [{ contentType: "text/x-shellscript", content: "heythere" }],
});
export const conditional = process.execArgv.includes("--conditions=@bureau/source");
export const length = pulumi.unsecret(password.result.apply((text) => text.length));
export const rendered = config.rendered;
`;

// Written on the bare protocol, so that the pack needs no package of its own.
const PACK = `
const grpc = require("@grpc/grpc-js");
const pulumi = require("@pulumi/pulumi");
const { AnalyzerService } = require("@pulumi/pulumi/proto/analyzer_grpc_pb.js");
const analyzer = require("@pulumi/pulumi/proto/analyzer_pb.js");
const plugin = require("@pulumi/pulumi/proto/plugin_pb.js");
const empty = require("google-protobuf/google/protobuf/empty_pb.js");

const who = new pulumi.Config("tiny").require("who");
function analyze(call, answer) {
  const found = new analyzer.AnalyzeDiagnostic();
  found.setPolicyname("seen");
  found.setPolicypackname("pack");
  found.setPolicypackversion("1.0.0");
  found.setEnforcementlevel(analyzer.EnforcementLevel.ADVISORY);
  found.setMessage("seen for " + who + ": " + call.request.getType());
  const response = new analyzer.AnalyzeResponse();
  response.setDiagnosticsList([found]);
  answer(null, response);
}
function getAnalyzerInfo(_, answer) {
  const info = new analyzer.AnalyzerInfo();
  info.setName("pack");
  info.setVersion("1.0.0");
  answer(null, info);
}
const server = new grpc.Server();
server.addService(AnalyzerService, {
  analyze,
  getAnalyzerInfo,
  analyzeStack: (_, answer) => answer(null, new analyzer.AnalyzeResponse()),
  remediate: (_, answer) => answer(null, new analyzer.RemediateResponse()),
  configure: (_, answer) => answer(null, new empty.Empty()),
  getPluginInfo: (_, answer) => answer(null, new plugin.PluginInfo()),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(port + "\\n");
});
`;

const GREETER = `
import * as pulumi from "@pulumi/pulumi";

export interface GreeterArgs { who: pulumi.Input<string> }

export class Greeter extends pulumi.ComponentResource {
  public readonly text: pulumi.Output<string>;
  constructor(name: string, args: GreeterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("greeter:index:Greeter", name, args, opts);
    this.text = pulumi.interpolate\`hello \${args.who}\`;
    this.registerOutputs({ text: this.text });
  }
}
`;

const CALLER = `
import * as pulumi from "@pulumi/pulumi";

class Greeter extends pulumi.ComponentResource {
  constructor(name, args) {
    super("greeter:index:Greeter", name, { ...args, text: undefined }, {}, true);
  }
}
export const text = new Greeter("greeter", { who: "ada" }).text;
`;
