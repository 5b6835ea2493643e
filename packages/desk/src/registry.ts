import type { Problem } from "./problem.ts";

/** What is wrong with the URL of an npm registry. It is part of the user data, so it holds no login. */
export function registryProblem(registry: string): Problem | undefined {
  const url = URL.parse(registry);
  if (url === null || (url.protocol !== "https:" && !isLoopback(url))) {
    return { rule: "must be an https URL", remedy: "Write it like https://registry.example." };
  }
  if (url.username !== "" || url.password !== "") {
    return {
      rule: "must not hold a user or password: every process on the desk could read it",
      remedy: "Use a registry that can be read without a login.",
    };
  }
  if (url.search !== "" || url.hash !== "" || /[\s"'\\]/.test(registry)) {
    return {
      rule: "must be a plain URL, without query or fragment",
      remedy: "Leave out what follows the path.",
    };
  }
  return undefined;
}

/** As npm's own configuration has it, with a slash at its end, it is the same registry. */
export function withoutSlash(registry: string): string {
  return registry.replace(/\/+$/, "");
}

/** A registry of a local cloud's own. */
function isLoopback({ protocol, hostname }: URL): boolean {
  return (
    protocol === "http:" &&
    (hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127."))
  );
}
