import { Desk } from "@bureau/desk";
import { deskArgs } from "./config.ts";

/** One desk per stack, and what its owner needs to know of it. */
export function stack() {
  const args = deskArgs();
  const desk = new Desk("desk", args);
  return {
    ipv4Address: desk.ipv4Address,
    ipv6Address: desk.ipv6Address,
    gatewayToken: desk.gatewayToken,
    sshHostKey: desk.sshHostKey,
    provider: desk.provider,
    model: desk.model,
    fingerprint: desk.fingerprint,
  };
}
