import { type ListenOptions, listen } from "../../../../core/server/listen/listen.ts";
import type { Connection } from "../../../../core/transport/connection.ts";

export interface EchoListener extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly connections: readonly Connection[];
  /** Why each connection that has closed did. */
  readonly closed: readonly string[];
}

/** A listener of ours whose every connection sends each message back, and a reason for what is malformed. */
export async function listenEcho(options: Partial<ListenOptions> = {}): Promise<EchoListener> {
  const connections: Connection[] = [];
  const closed: string[] = [];
  const listener = await listen({ listen: "ws://127.0.0.1:0", auth: {}, ...options }, (connection) => {
    connections.push(connection);
    return {
      message: (text) => connection.send(text),
      malformed: (reason) => connection.send(`malformed: ${reason}`),
      drained() {},
      closed: (reason) => closed.push(reason ?? ""),
    };
  });
  const url = listener.url ?? "";
  return {
    url,
    port: Number(/:(\d+)$/.exec(url)?.[1] ?? 0),
    connections,
    closed,
    [Symbol.asyncDispose]: () => listener.close(),
  };
}
