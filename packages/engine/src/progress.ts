import type { Part } from "./parts.ts";

/** How often a build says that it is still at work, in milliseconds. */
const TELL_EVERY_MS = 15_000;

export interface Progress {
  /** A step begins. */
  step(title: string): void;
  /** A line that go printed. */
  line(text: string): void;
  done(): void;
  stop(): void;
}

/** Tells what is being built and for how long already. */
export function startProgress(
  part: Pick<Part, "title" | "usually">,
  tell: (line: string) => void,
  now: () => number = Date.now,
): Progress {
  const begun = now();
  let title = "";
  let downloaded = 0;
  let compiled = 0;
  tell(`building ${part.title} from Go modules; the first time takes about ${part.usually}`);
  const timer = setInterval(() => tell(stillAt()), TELL_EVERY_MS);
  const stillAt = () =>
    `building ${part.title}: ${title}, ${duration(now() - begun)} so far ` +
    `(modules downloaded: ${downloaded}, packages compiled: ${compiled})`;
  return {
    step: (next) => {
      title = next;
    },
    // With -v go prints the name of each package that it compiles, and names have no spaces.
    line: (text) => {
      if (text.startsWith("go: downloading ")) downloaded += 1;
      else if (/^\S+$/.test(text)) compiled += 1;
    },
    done: () => tell(`built ${part.title} in ${duration(now() - begun)}`),
    stop: () => clearInterval(timer),
  };
}

/** `95000` -> `1 min 35 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
