import { limits } from "../limits.ts";
import type { ConnectionEvents } from "../transport/connection.ts";
import type { DialedConnection } from "../transport/dialed-connection.ts";
import { connectInMemory } from "../transport/memory-connection.ts";
import { dialCommand } from "../transport/stdio-command.ts";
import { dialWebSocket, type SocketAddress } from "../transport/ws-client-dial.ts";
import { describeTarget, type Target } from "./target.ts";

export type Listen = (connection: DialedConnection) => ConnectionEvents;

/** Opens a connection to the target. Rejects with DialError. */
export async function dial(target: Target, listen: Listen, signal?: AbortSignal): Promise<DialedConnection> {
  if (target.kind === "memory") return connectInMemory(target.accept, listen);
  if (target.kind === "command") return dialCommand(target.argv, listen);
  return await dialWebSocket(
    {
      address: addressOf(target),
      upgrade: {
        host: target.kind === "unix" ? "localhost" : target.url.host,
        path: target.kind === "unix" ? "/" : target.url.pathname + target.url.search,
        ...(target.token === undefined ? {} : { bearerToken: target.token.reveal() }),
      },
      peer: describeTarget(target),
      deadlineMs: limits.dialDeadlineMs,
      ...(signal === undefined ? {} : { signal }),
    },
    listen,
  );
}

function addressOf(target: Target & { readonly kind: "websocket" | "unix" }): SocketAddress {
  if (target.kind === "unix") return { kind: "unix", path: target.path };
  const { url } = target;
  const secure = url.protocol === "wss:";
  return {
    kind: "tcp",
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
    tls: secure ? (target.tls ?? {}) : undefined,
  };
}
