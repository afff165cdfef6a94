import { ListenError } from "./listen-error.ts";
import { isLoopback, listenUrl } from "./listen-target.ts";
import type { Listener } from "./listener.ts";
import { serveWebSockets, stopServing, type WebSocketService } from "./serve-websockets.ts";
import type { TlsFiles } from "./tls-files.ts";

export interface TcpOptions extends TlsFiles {
  readonly address: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly tls: boolean;
  readonly allowUnauthenticated: boolean;
}

/** Listens for websockets on a TCP port. Throws {@link ListenError}, and what Bun throws when it cannot bind. */
export async function listenTcp(options: TcpOptions, service: WebSocketService): Promise<Listener> {
  const { address, port } = options;
  if (service.door.auth.name === "none" && !isLoopback(address) && !options.allowUnauthenticated) {
    throw new ListenError(
      `${address} can be reached from other machines, and without auth whoever reaches it may run commands here; give --ws-auth, or --allow-unauthenticated if the network itself keeps strangers out`,
    );
  }
  const tls = await tlsOf(options);
  const server = serveWebSockets(
    tls === undefined ? { hostname: address, port } : { hostname: address, port, tls },
    service,
  );
  const bound = { address, port: server.port ?? port, tls: tls !== undefined };
  return {
    url: listenUrl(bound),
    ended: new Promise<void>(() => {}),
    stopAccepting: () => void server.stop(false),
    close: () => stopServing(server),
  };
}

async function tlsOf(options: TcpOptions): Promise<{ cert: string; key: string } | undefined> {
  if (options.certFile === undefined && options.keyFile === undefined) {
    if (options.tls) throw new ListenError("wss:// requires `--tls-cert` and `--tls-key`");
    return undefined;
  }
  const { readTlsFiles } = await import("./tls-files.ts");
  return readTlsFiles(options);
}
