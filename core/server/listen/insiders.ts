import type { sandboxedPeerFault } from "./sandboxed-peer.ts";

type Judge = typeof sandboxedPeerFault;

let judge: Judge | undefined;

/** Loads what tells peers inside our sandboxes from others: not needed to listen, only with the first peer. */
export async function loadInsiderCheck(): Promise<Judge> {
  judge ??= (await import("./sandboxed-peer.ts")).sandboxedPeerFault;
  return judge;
}

/** That check, once it is loaded. */
export function insiderCheck(): Judge | undefined {
  return judge;
}
