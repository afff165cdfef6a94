import type { ConnectionEvents } from "./connection.ts";
import { DialError, type DialedConnection } from "./dialed-connection.ts";
import { type ByteSocket, WebSocketClientConnection } from "./ws-client-connection.ts";
import { UpgradeHandshake, UpgradeRefusedError, type UpgradeRequest } from "./ws-client-handshake.ts";

/** Where the socket goes. */
export type SocketAddress =
  | {
      readonly kind: "tcp";
      readonly host: string;
      readonly port: number;
      readonly tls: TlsChoice | undefined;
    }
  | { readonly kind: "unix"; readonly path: string };

export interface TlsChoice {
  /** PEM of the authorities to trust beside the usual ones. */
  readonly authorities?: string;
}

export interface WebSocketDial {
  readonly address: SocketAddress;
  readonly upgrade: UpgradeRequest;
  /** What messages call the server. Holds no secret. */
  readonly peer: string;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Opens a websocket over TCP, TLS or a Unix socket. Bun's own WebSocket cannot stop reading, dial a Unix socket or say
 * why a server refused the upgrade. Rejects with {@link DialError}.
 */
export async function dialWebSocket(
  dial: WebSocketDial,
  listen: (connection: DialedConnection) => ConnectionEvents,
): Promise<DialedConnection> {
  const handshake = new UpgradeHandshake(dial.upgrade);
  const { promise, resolve, reject } = Promise.withResolvers<DialedConnection>();
  let connection: WebSocketClientConnection | undefined;
  let socket: ByteSocket | undefined;
  let failed = false;

  const fail = (message: string, options: ErrorOptions & { retry: boolean }) => {
    reject(new DialError(`cannot connect to ${dial.peer}: ${message}`, options));
    if (connection !== undefined) return;
    failed = true;
    socket?.terminate();
  };
  const timer = setTimeout(
    () => fail(`no answer within ${dial.deadlineMs / 1000} s`, { retry: true }),
    dial.deadlineMs,
  );
  const aborted = () => fail("given up", { retry: false, cause: dial.signal?.reason });
  dial.signal?.addEventListener("abort", aborted, { once: true });

  const upgrade = (from: ByteSocket, bytes: Uint8Array) => {
    const rest = handshake.push(bytes);
    if (rest === undefined) return;
    connection = new WebSocketClientConnection(from, dial.peer);
    connection.listen(listen(connection));
    resolve(connection);
    if (rest.length > 0) connection.received(rest);
  };
  const handlers = {
    data(from: ByteSocket, bytes: Uint8Array) {
      if (connection !== undefined) return connection.received(bytes);
      try {
        upgrade(from, bytes);
      } catch (error) {
        if (!(error instanceof UpgradeRefusedError)) throw error;
        fail(`the server refused: ${error.message}`, { retry: error.status >= 500, cause: error });
      }
    },
    drain: () => connection?.drained(),
    end: () => connection?.disconnected("the server hung up"),
    close: () => {
      connection?.disconnected("the connection was cut");
      fail("the connection was closed before it was ready", { retry: true });
    },
    error: (_from: ByteSocket, error: Error) => {
      connection?.disconnected(error.message);
      fail(error.message, { retry: true, cause: error });
    },
    connectError: (_from: ByteSocket, error: Error) => fail(reasonOf(error), { retry: true, cause: error }),
    open(opened: ByteSocket) {
      socket = opened;
      // A connection that came up after it was given up would otherwise stay, known to nobody.
      if (failed) return void opened.terminate();
      if (dial.address.kind === "unix" || dial.address.tls === undefined) start(opened);
    },
    handshake(opened: ByteSocket, trusted: boolean, error: Error | null) {
      if (trusted && error === null) return start(opened);
      fail(tlsFailure(error), { retry: false });
    },
  };
  const start = (opened: ByteSocket) => {
    opened.write(new TextEncoder().encode(handshake.request));
  };

  try {
    openSocket(dial.address, handlers);
    return await promise;
  } finally {
    clearTimeout(timer);
    dial.signal?.removeEventListener("abort", aborted);
  }
}

type Handlers = Parameters<typeof Bun.connect>[0]["socket"];

function openSocket(address: SocketAddress, handlers: Handlers): void {
  // Failures arrive in connectError as well; this promise would only say them again.
  const connecting =
    address.kind === "unix"
      ? Bun.connect({ unix: address.path, socket: handlers })
      : Bun.connect({
          hostname: address.host,
          port: address.port,
          socket: handlers,
          ...(address.tls === undefined ? {} : { tls: tlsOptions(address.host, address.tls) }),
        });
  connecting.catch(() => {});
}

function tlsOptions(host: string, choice: TlsChoice) {
  return {
    serverName: host,
    rejectUnauthorized: true,
    ...(choice.authorities === undefined ? {} : { ca: choice.authorities }),
  };
}

function reasonOf(error: Error & { readonly code?: string }): string {
  switch (error.code) {
    case "ECONNREFUSED":
      return "nothing listens there";
    case "ENOENT":
      return "there is no such socket";
    case "ENOTFOUND":
      return "its name is not known";
    default:
      return error.message;
  }
}

function tlsFailure(error: Error | null): string {
  if (error?.message.includes("WRONG_VERSION_NUMBER")) return "it does not speak TLS";
  return `its TLS certificate is not trusted: ${error?.message ?? "no reason given"}`;
}
