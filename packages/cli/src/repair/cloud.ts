import { z } from "zod";
import { CloudError, createCloudApi, until } from "../cloud-api.ts";

const labels = z.record(z.string(), z.string());
const entry = z.object({ id: z.int(), name: z.string(), labels });
const serverSchema = entry.extend({ status: z.string(), volumes: z.array(z.int()) });
const addressSchema = entry.extend({ type: z.enum(["ipv4", "ipv6"]) });
const volumeSchema = entry.extend({ server: z.int().nullable() });

/** What one stack has in the cloud, by its labels or since the state has it. */
export interface Cloud {
  readonly servers: readonly z.output<typeof serverSchema>[];
  readonly addresses: readonly z.output<typeof addressSchema>[];
  readonly volumes: readonly z.output<typeof volumeSchema>[];
  readonly firewalls: readonly z.output<typeof entry>[];
}

export interface Recorded {
  readonly servers: readonly string[];
  readonly volumes: readonly string[];
}

export interface CloudClient {
  /** @param recorded ids in the state, whose labels may be gone or never were ours */
  read(stack: string, recorded: Recorded): Promise<Cloud>;
  /** Shuts the server down, switches it off when that takes over a minute, deletes it. */
  deleteServer(id: number): Promise<void>;
}

const shutdownMs = 60_000;
const waitMs = 120_000;

export function createCloudClient(url: string, token: string): CloudClient {
  const request = createCloudApi(url, token);

  const list = async <T>(noun: string, schema: z.ZodType<T>, stack: string): Promise<T[]> => {
    const found: T[] = [];
    const selector = encodeURIComponent(`bureau-desk,bureau-stack==${stack}`);
    for (let page: number | null = 1; page !== null; ) {
      const path: string = `/${noun}?label_selector=${selector}&per_page=50&page=${page}`;
      const answer: unknown = await request("GET", path);
      found.push(...(z.object({ [noun]: z.array(schema) }).parse(answer)[noun] ?? []));
      page = pageSchema.parse(answer).meta.pagination.next_page;
    }
    return found;
  };

  const server = async (id: number | string) => {
    const answer = await request("GET", `/servers/${id}`).catch(missing);
    return answer === undefined ? undefined : oneServerSchema.parse(answer).server;
  };
  const volume = async (id: string) => {
    const answer = await request("GET", `/volumes/${id}`).catch(missing);
    return answer === undefined ? undefined : oneVolumeSchema.parse(answer).volume;
  };

  return {
    async read(stack, recorded) {
      const [servers, addresses, volumes, firewalls] = await Promise.all([
        list("servers", serverSchema, stack),
        list("primary_ips", addressSchema, stack),
        list("volumes", volumeSchema, stack),
        list("firewalls", entry, stack),
      ]);
      return {
        servers: await completed(servers, recorded.servers, server),
        addresses,
        volumes: await completed(volumes, recorded.volumes, volume),
        firewalls,
      };
    },
    async deleteServer(id) {
      const isOff = async () => ["off", undefined].includes((await server(id))?.status);
      if (!(await isOff())) {
        // Whatever is mounted in it is written back first.
        await request("POST", `/servers/${id}/actions/shutdown`);
        if (!(await until(shutdownMs, isOff))) {
          await request("POST", `/servers/${id}/actions/poweroff`);
          await until(shutdownMs, isOff);
        }
      }
      await request("DELETE", `/servers/${id}`).catch(missing);
      if (!(await until(waitMs, async () => (await server(id)) === undefined))) {
        throw new Error(`server ${id} is still there two minutes after it was deleted`);
      }
    },
  };
}

const pageSchema = z.object({
  meta: z.object({ pagination: z.object({ next_page: z.int().nullable() }) }),
});
const oneServerSchema = z.object({ server: serverSchema });
const oneVolumeSchema = z.object({ volume: volumeSchema });

/** A list with the recorded ones that it lacks, where they still exist. */
async function completed<T extends { readonly id: number }>(
  listed: readonly T[],
  recorded: readonly string[],
  get: (id: string) => Promise<T | undefined>,
): Promise<T[]> {
  const unlisted = recorded.filter((id) => !listed.some((found) => String(found.id) === id));
  const found = await Promise.all([...new Set(unlisted)].map(get));
  return [...listed, ...found.filter((one) => one !== undefined)];
}

/** What is gone needs no more to be done about. */
function missing(error: unknown): undefined {
  if (error instanceof CloudError && error.status === 404) return undefined;
  throw error;
}
