import { expect, test } from "vitest";
import { resolveEngine, resolvePresent, type Ways } from "./resolve.ts";
import type { Engine } from "./types.ts";

const engine = (cli: string): Engine => ({ origin: "path", version: "3.259.0", cli, plugins: [] });

/** Ways of which some lead to an engine that is called after them; `asked` lists those tried. */
function fakeWays(leading: readonly (keyof Ways)[]) {
  const asked: (keyof Ways)[] = [];
  const way = (name: keyof Ways) => async () => {
    asked.push(name);
    return leading.includes(name) ? engine(name) : undefined;
  };
  const ways: Ways = {
    onPath: way("onPath"),
    downloaded: way("downloaded"),
    built: way("built"),
    download: way("download"),
    build: async () => (await way("build")()) ?? Promise.reject(new Error("cannot build")),
  };
  return { ways, asked };
}

const all = ["onPath", "downloaded", "built", "download", "build"] as const;

test.each(all.map((name, i) => [name, all.slice(0, i + 1)] as const))(
  "uses %s when nothing before it leads to an engine",
  async (name, expected) => {
    const { ways, asked } = fakeWays(all.slice(all.indexOf(name)));
    expect((await resolveEngine(ways)).cli).toBe(name);
    expect(asked).toEqual(expected);
  },
);

test("the error of the last way is the error of all", async () => {
  await expect(resolveEngine(fakeWays([]).ways)).rejects.toThrow("cannot build");
});

test("looking for what is there neither downloads nor builds", async () => {
  const { ways, asked } = fakeWays(["download", "build"]);
  expect(await resolvePresent(ways)).toBeUndefined();
  expect(asked).toEqual(["onPath", "downloaded", "built"]);
});
