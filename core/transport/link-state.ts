import { type TcpFacts, tcpFacts } from "../host/tcp-facts.ts";
import type { LinkState } from "./liveness.ts";

/**
 * So many repetitions without an answer and the peer's machine is taken to be gone: within the shorter deadline
 * the kernel repeats itself six times where the link is quick, and three times where a round trip takes a second.
 */
const repetitionsOfTheDead = 3;

/** The state of a silent peer, from what Bun (`buffered` bytes) and the kernel still hold for it. */
export function linkState(peer: string, buffered: number): LinkState {
  const [, v6, v4, port] = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(peer) ?? [];
  const address = v6 ?? v4;
  const facts = address === undefined ? undefined : tcpFacts(address, Number(port));
  return judgeLink(buffered, facts);
}

/** Without facts of the kernel (a Unix socket, another system) only `buffered` counts. */
export function judgeLink(buffered: number, facts: TcpFacts | undefined): LinkState {
  if (facts === undefined) return buffered > 0 ? { kind: "unread" } : { kind: "silent" };
  if (facts.unanswered >= repetitionsOfTheDead) return { kind: "silent" };
  if (buffered > 0 || facts.unacknowledgedBytes > 0) return { kind: "unread" };
  return { kind: "arriving", sinceMs: facts.sinceReceivedMs };
}
