import { afterEach, beforeEach, expect, vi } from "vitest";

const methods = ["debug", "error", "info", "log", "warn"] as const;

/** A test that prints has either lost an error or is about to print a key: both are failures. */
beforeEach(() => {
  for (const method of methods) vi.spyOn(console, method).mockImplementation(() => undefined);
});

afterEach(() => {
  // biome-ignore lint/suspicious/noConsole: the spies are asked, nothing is printed
  const printed = methods.filter((method) => vi.mocked(console[method]).mock.calls.length > 0);
  vi.restoreAllMocks();
  expect(printed, "a test printed to the console").toEqual([]);
});
