import { randomBytes } from "node:crypto";
import { expect, onTestFinished } from "vitest";
import { createApp } from "../app.ts";
import { type Context, createContext, type Limits } from "../context.ts";
import { readDescription } from "../description.ts";
import type { RateLimit } from "../rate-limit.ts";
import type { RecordedRequest } from "../recorder.ts";

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect, and fail if it is not there
  readonly body: any;
  readonly headers: Headers;
}

export interface TestCloud {
  readonly context: Context;
  readonly requests: RecordedRequest[];
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** Moves the clock on. */
  wait(milliseconds: number): void;
}

const file = process.env.HCLOUD_OPENAPI;
if (file === undefined) {
  process.stderr.write(
    "HCLOUD_OPENAPI is not set: answers are NOT held against the description.\n",
  );
}
const description = file === undefined ? undefined : readDescription(file);

/** The API without a port, at a clock that stands still; every answer is held against the vendor's
 * description where there is one. */
export function testCloud(
  options: {
    actions?: "instant" | "realistic";
    limits?: Partial<Limits>;
    rateLimit?: RateLimit;
    token?: string;
  } = {},
): TestCloud {
  let time = Date.parse("2026-11-24T00:00:00Z");
  const context = createContext({
    actions: options.actions ?? "instant",
    limits: options.limits,
    now: () => new Date(time),
  });
  const requests: RecordedRequest[] = [];
  const token = options.token ?? randomBytes(32).toString("hex");
  const before = description?.problems.length ?? 0;
  const app = createApp({
    context,
    token: options.token,
    rateLimit: options.rateLimit ?? false,
    requests,
    onChange: () => undefined,
    onResponse: description?.check,
  });
  onTestFinished(() => expect(description?.problems.slice(before) ?? []).toEqual([]));
  return {
    context,
    requests,
    wait(milliseconds) {
      time += milliseconds;
    },
    async call(method, path, body, headers = { authorization: `Bearer ${token}` }) {
      const response = await app.request(`http://cloud.test/v1${path}`, {
        method,
        headers,
        ...(body === undefined
          ? {}
          : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === "" ? undefined : JSON.parse(text),
      };
    },
  };
}

/** What a desk is made of, by its names. */
export const serverBody = {
  name: "alice",
  server_type: "cx23",
  image: "debian-13",
  location: "fsn1",
} as const;

export async function made(cloud: TestCloud, path: string, body: unknown): Promise<Answer["body"]> {
  const answer = await cloud.call("POST", path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}
