import type { Acceptor } from "../../transport/connection.ts";
import { LivenessMonitor, type LivenessOptions } from "../../transport/liveness.ts";
import { type AuthPolicy, noAuth } from "../auth/auth-policy.ts";
import type { AuthSettings } from "../auth/auth-settings.ts";
import { ListenError } from "./listen-error.ts";
import { parseListenTarget } from "./listen-target.ts";
import type { Listener } from "./listener.ts";
import type { OnRefused } from "./serve-websockets.ts";
import { listenTcp } from "./tcp-listener.ts";

export interface ListenOptions {
  /** `ws://IP:PORT`, `wss://IP:PORT`, `unix:///PATH` or `stdio`. */
  readonly listen: string;
  readonly auth: AuthSettings;
  readonly allowUnauthenticated?: boolean;
  /** Names that a `Host` header may hold beside IP literals and localhost. */
  readonly allowHosts?: readonly string[];
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  readonly onRefused?: OnRefused;
  /** Other intervals than those of the limits. */
  readonly liveness?: LivenessOptions;
}

/**
 * Opens the listener that `options.listen` names; every peer goes to `accept`. Throws {@link ListenError}.
 * What the usual start does not need is loaded where it is needed, since a server should listen within
 * milliseconds.
 */
export async function listen(options: ListenOptions, accept: Acceptor): Promise<Listener> {
  try {
    return await open(options, accept);
  } catch (error) {
    if (error instanceof ListenError) throw error;
    const { bindFailure } = await import("./bind-failure.ts");
    throw bindFailure(error, options.listen);
  }
}

async function policyFor(settings: AuthSettings): Promise<AuthPolicy> {
  if (Object.values(settings).every((value) => value === undefined)) return noAuth;
  const { authPolicy } = await import("../auth/auth-settings.ts");
  return authPolicy(settings);
}

async function open(options: ListenOptions, accept: Acceptor): Promise<Listener> {
  const auth = await policyFor(options.auth);
  const target = parseListenTarget(options.listen);
  const { tlsCert, tlsKey } = options;
  if (target.kind === "stdio" && auth.name !== "none") {
    throw new ListenError("WebSocket auth requires a WebSocket listener, not stdio");
  }
  if (target.kind !== "websocket" && (tlsCert ?? tlsKey) !== undefined) {
    throw new ListenError("`--tls-cert` and `--tls-key` require a ws:// or wss:// listener");
  }
  if (target.kind === "stdio") {
    const { listenStdio } = await import("./stdio-listener.ts");
    return listenStdio(accept);
  }
  const service = {
    accept,
    liveness: new LivenessMonitor(options.liveness),
    unnamedPeer: "unix",
    onRefused: options.onRefused,
  };
  if (target.kind === "unix") {
    // The socket's mode says who may come; no browser can, so `Host` says nothing.
    const { listenUnix } = await import("./unix-listener.ts");
    return await listenUnix(target.path, { ...service, door: { auth, hosts: "any" } });
  }
  return await listenTcp(
    {
      ...target,
      certFile: tlsCert,
      keyFile: tlsKey,
      allowUnauthenticated: options.allowUnauthenticated ?? false,
    },
    { ...service, door: { auth, hosts: options.allowHosts ?? [] } },
  );
}
