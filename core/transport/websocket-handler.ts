import type { ServerWebSocket, WebSocketHandler } from "bun";
import { limits } from "../limits.ts";
import type { Acceptor } from "./connection.ts";
import type { LivenessMonitor, Watch } from "./liveness.ts";
import { decodeUtf8, describeBadUtf8 } from "./utf8.ts";
import { WebSocketConnection, type WebSocketData } from "./websocket-connection.ts";

/** Loaded with the first peer, not with the listener: it is needed 15 s later at the earliest. */
let judge: typeof import("./link-state.ts").linkState | undefined;

function loadJudge(): void {
  import("./link-state.ts").then(({ linkState }) => {
    judge = linkState;
  });
}

/** What Bun's websocket server does with each peer: a connection, handed to `accept` and watched by `liveness`. */
export function websocketHandler(
  accept: Acceptor,
  liveness: LivenessMonitor,
): WebSocketHandler<WebSocketData> {
  const watches = new WeakMap<WebSocketConnection, Watch>();

  function heard(connection: WebSocketConnection): void {
    watches.get(connection)?.heard();
  }

  function withConnection(
    socket: ServerWebSocket<WebSocketData>,
    act: (connection: WebSocketConnection) => void,
  ): void {
    const { connection } = socket.data;
    if (connection === undefined) return;
    heard(connection);
    act(connection);
  }

  return {
    maxPayloadLength: limits.incomingMessageBytes,
    // Never drop: the owner of a connection holds its sources back by `buffered` instead.
    backpressureLimit: 0,
    perMessageDeflate: false,
    idleTimeout: 0,
    sendPings: false,

    open(socket) {
      if (judge === undefined) loadJudge();
      const connection = new WebSocketConnection(socket, socket.data.peer);
      socket.data.connection = connection;
      watches.set(
        connection,
        liveness.watch({
          ping: () => socket.ping(),
          linkState: () => judge?.(connection.peer, connection.unread) ?? { kind: "silent" },
          giveUp: (reason) => connection.giveUp(reason),
        }),
      );
      connection.attach(accept(connection));
    },

    message(socket, data) {
      withConnection(socket, (connection) => {
        if (typeof data === "string") return connection.onMessage(data);
        const text = decodeUtf8(data);
        if (text === undefined) connection.onMalformed(describeBadUtf8(data));
        else connection.onMessage(text);
      });
    },

    ping: (socket) => withConnection(socket, () => {}),
    pong: (socket) => withConnection(socket, () => {}),
    drain: (socket) => withConnection(socket, (connection) => connection.onDrain()),

    close(socket, code, reason) {
      const { connection } = socket.data;
      if (connection === undefined) return;
      watches.get(connection)?.stop();
      connection.onClose(describeEnd(code, reason));
    },
  };
}

/** Bun reports 1006 both for a link that broke and, with a reason, for a peer that it closed for a breach of the framing. */
function describeEnd(code: number, reason: string): string {
  if (code === 1006) return reason === "" ? "the link broke" : `broke the protocol: ${reason}`;
  return `closed by the peer: ${code}${reason === "" ? "" : ` ${reason}`}`;
}
