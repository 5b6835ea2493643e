import { setTimeout } from "node:timers/promises";

/** Asks the cloud's API. The token is in no error. */
export type CloudApi = (method: string, path: string, body?: object) => Promise<unknown>;

export function createCloudApi(url: string, token: string): CloudApi {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return response.status === 204 ? undefined : response.json();
    throw new CloudError(method, path, response.status, await words(response));
  };
}

/** Whether it came true in time, in milliseconds. */
export async function until(ms: number, condition: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await setTimeout(200)) {
    if (await condition()) return true;
  }
  return false;
}

async function words(response: Response): Promise<string> {
  try {
    const { error } = (await response.json()) as { error?: { code?: string; message?: string } };
    return error === undefined ? "" : ` (${error.code}: ${error.message})`;
  } catch {
    return "";
  }
}

export class CloudError extends Error {
  readonly status: number;

  constructor(method: string, path: string, status: number, reason = "") {
    super(`the cloud answered ${status} to ${method} ${path.split("?")[0]}${reason}`);
    this.status = status;
  }
}
