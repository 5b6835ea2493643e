import type { Engine, Plugin } from "./types.ts";

const ORIGINS = {
  path: "official, found on PATH",
  official: "official, downloaded",
  built: "built from Go modules",
} as const satisfies Record<Engine["origin"], string>;

/** The text of `npm run engine -- --where`. */
export function renderWhere(engine: Engine): string {
  const lines = [
    `Pulumi ${engine.version}, ${ORIGINS[engine.origin]}`,
    `  ${engine.cli}`,
    ...(engine.plugins.length === 0
      ? ["plugins: the engine downloads them itself"]
      : ["plugins:", ...engine.plugins.flatMap(renderPlugin)]),
  ];
  return `${lines.join("\n")}\n`;
}

function renderPlugin(plugin: Plugin): string[] {
  const code = plugin.testDouble ? "TEST DOUBLE" : `real code ${plugin.version}`;
  return [`  ${plugin.kind} ${plugin.name} ${plugin.label}: ${code}`, `    ${plugin.path}`];
}
