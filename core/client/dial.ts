import { limits } from "../limits.ts";
import type { ConnectionEvents } from "../transport/connection.ts";
import type { DialedConnection } from "../transport/dialed-connection.ts";
import { connectInMemory } from "../transport/memory-connection.ts";
import { dialWebSocket, type SocketAddress } from "../transport/ws-client-dial.ts";
import { dialCommand } from "./dial-command.ts";
import type { Noise } from "./noise.ts";
import { describeTarget, type Header, type Target } from "./target.ts";

export type Listen = (connection: DialedConnection) => ConnectionEvents;

export interface DialOptions {
  /** Default: `limits.dialDeadlineMs`. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** What a program prints beside its messages. */
  heard?(noise: Noise): void;
}

/** Opens a connection to the target. Rejects with DialError. */
export async function dial(
  target: Target,
  listen: Listen,
  { signal, deadlineMs = limits.dialDeadlineMs, heard = () => {} }: DialOptions = {},
): Promise<DialedConnection> {
  if (target.kind === "memory") return connectInMemory(target.accept, listen);
  if (target.kind === "command") return await dialCommand(target, { listen, heard });
  return await dialWebSocket(
    {
      address: addressOf(target),
      upgrade: {
        host: target.kind === "unix" ? "localhost" : target.url.host,
        path: target.kind === "unix" ? "/" : target.url.pathname + target.url.search,
        ...(target.token === undefined ? {} : { bearerToken: target.token.reveal() }),
        ...(target.kind === "unix" || target.headers === undefined
          ? {}
          : { headers: target.headers.map(revealed) }),
      },
      peer: describeTarget(target),
      deadlineMs,
      ...(signal === undefined ? {} : { signal }),
    },
    listen,
  );
}

function revealed({ name, value }: Header): readonly [string, string] {
  return [name, value.reveal()];
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
