import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const shared = {
  setupFiles: ["@bureau/testkit/fail-on-console"],
  // Turning an Output into a string is a bug that otherwise shows only as odd text.
  env: { PULUMI_ERROR_OUTPUT_STRING: "1" },
};
const conditions = {
  resolve: { conditions: ["@bureau/source"] },
  ssr: { resolve: { conditions: ["@bureau/source"] } },
};

export default defineConfig({
  test: {
    // Tests mostly wait for the engine's processes: one worker more than the default of cores - 1,
    // and another for the waiting.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        ...conditions,
        test: {
          ...shared,
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "infra/*.test.ts"],
        },
      },
      {
        ...conditions,
        test: {
          ...shared,
          name: "engine",
          include: ["packages/e2e/engine/**/*.test.ts"],
          pool: "forks",
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...conditions,
        test: {
          ...shared,
          name: "guest",
          include: ["packages/e2e/guest/**/*.test.ts"],
          pool: "forks",
          // Each boots machines, which take all cores while they do: after the others, and few at a time.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        ...conditions,
        test: {
          ...shared,
          name: "slow",
          sequence: { groupOrder: 2 },
          include: ["packages/e2e/slow/**/*.test.ts"],
          pool: "forks",
          maxWorkers: 1,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
