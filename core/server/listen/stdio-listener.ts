import type { Acceptor } from "../../transport/connection.ts";
import { serveJsonLines } from "../../transport/json-lines-connection.ts";
import type { Listener } from "./listener.ts";

/** Serves the one peer on stdin and stdout. It ends when the peer does. */
export function listenStdio(accept: Acceptor): Listener {
  const ended = serveJsonLines({
    read: Bun.stdin.stream(),
    write: Bun.stdout.writer(),
    peer: "stdio",
    accept,
  });
  return { url: undefined, ended, stopAccepting() {}, async close() {} };
}
