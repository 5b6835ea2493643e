export { canaryKey } from "./canary.ts";
