// The program's entry is plain JavaScript, so that an older Node can still say what is wrong.
import { RunError } from "@pulumi/pulumi";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  const error = new RunError(
    `bureau needs Node >= 22.18 to run its TypeScript, and this is Node ${process.versions.node}. ` +
      "Put a newer one first in PATH, or run `npm run pulumi -- ARGS` in the checkout, which brings its own.",
  );
  error.stack = `${error.message}\n`; // the message is all that helps here
  throw error;
}

export default async () => (await import("./index.ts")).stack();
