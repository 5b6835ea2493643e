import { type Answer, decode, encode, type Packet } from "dns-packet";

/** Looks up a name that is none of the world's own; undefined where there is no such name. */
export type Resolve = (name: string, type: "A" | "AAAA") => Promise<string[] | undefined>;

const secondsToLive = 5;

/**
 * Answers a DNS query: the world's names, and for others what `resolve` says.
 *
 * @returns undefined for what is no query.
 */
export async function answerQuery(
  message: Buffer,
  names: ReadonlyMap<string, string>,
  resolve: Resolve,
): Promise<Buffer | undefined> {
  const query = readQuery(message);
  const [question] = query?.questions ?? [];
  if (query === undefined || question === undefined) return undefined;
  const { name, type } = question;
  const own = names.get(name.toLowerCase());
  const addresses =
    own !== undefined
      ? type === "A"
        ? [own]
        : []
      : type === "A" || type === "AAAA"
        ? await resolve(name, type)
        : [];
  return encode({
    type: "response",
    ...(query.id === undefined ? {} : { id: query.id }),
    // Recursion desired and available; 3 is NXDOMAIN.
    flags: 0x0180 | (addresses === undefined ? 3 : 0),
    questions: [question],
    answers: (addresses ?? []).map((data) => ({ name, type, data, ttl: secondsToLive }) as Answer),
  });
}

function readQuery(message: Buffer): Packet | undefined {
  try {
    const packet = decode(message);
    return packet.type === "query" ? packet : undefined;
  } catch {
    return undefined;
  }
}
