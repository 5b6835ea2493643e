// Loads the SDK and makes nothing: what is left is the engine's and Node's own time.
import "@pulumi/hcloud";
import "@pulumi/random";

export const made = 0;
