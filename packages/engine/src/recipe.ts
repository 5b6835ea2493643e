import { join } from "node:path";
import { type Part, providers, requiredVersion } from "./parts.ts";

/** One command of a build. Paths in it are relative to the copy of the module that is built. */
export interface Step {
  readonly title: string;
  /** `go`, or a program that an earlier step made. */
  readonly program: string;
  readonly args: readonly string[];
}

/** Where the steps put what is kept. */
export const OUT = "out";

const CLI_MODULE = "github.com/pulumi/pulumi/pkg/v3";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** The version of the engine that is built, from build/cli/go.mod. */
export function builtVersion(): string {
  return requiredVersion("cli", CLI_MODULE);
}

export function recipe(module: Part["module"]): readonly Step[] {
  return module === "cli" ? cliRecipe() : pluginsRecipe();
}

function cliRecipe(): Step[] {
  const stamp = `-X ${VERSION_VARIABLE}=v${builtVersion()}`;
  return [
    goBuild("the engine", join(OUT, "pulumi"), `${CLI_MODULE}/cmd/pulumi`, stamp),
    goBuild(
      "the language host (a test double)",
      join(OUT, "pulumi-language-nodejs"),
      "./pulumi-language-nodejs",
    ),
  ];
}

function pluginsRecipe(): Step[] {
  const bridged = providers.filter((provider) => provider.bridged);
  return [
    goBuild("the generator of schemas", "generate", "./cmd/generate"),
    ...bridged.map(({ name }) => ({
      title: `schema of ${name}`,
      program: "./generate",
      args: [name, join("cmd", executableOf(name))],
    })),
    ...providers.map(({ name, testDouble }) =>
      goBuild(
        testDouble ? `the test double of ${name}` : `the ${name} provider`,
        join(OUT, executableOf(name)),
        `./cmd/${executableOf(name)}`,
      ),
    ),
  ];
}

/** The file name by which the engine knows the plugin of a package. */
export function executableOf(name: string): string {
  return `pulumi-resource-${name}`;
}

function goBuild(title: string, output: string, source: string, stamp = ""): Step {
  // The tags keep cgo's user lookup and gRPC's tracing out, as the official builds do.
  const flags = ["-mod=readonly", "-v", "-trimpath", "-tags", "osusergo,grpcnotrace"];
  const args = ["build", ...flags, "-ldflags", `-s -w ${stamp}`.trim(), "-o", output, source];
  return { title, program: "go", args };
}
