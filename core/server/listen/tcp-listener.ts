import { readFileSync } from "node:fs";
import { ListenError } from "./listen-error.ts";
import { isLoopback, listenUrl } from "./listen-target.ts";
import type { Listener } from "./listener.ts";
import { serveWebSockets, stopServing, type WebSocketService } from "./serve-websockets.ts";

export interface TcpOptions {
  readonly address: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly tls: boolean;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly allowUnauthenticated: boolean;
}

/** Listens for websockets on a TCP port. Throws {@link ListenError}. */
export function listenTcp(options: TcpOptions, service: WebSocketService): Listener {
  const { address, port } = options;
  if (service.door.auth.name === "none" && !isLoopback(address) && !options.allowUnauthenticated) {
    throw new ListenError(
      `${address} can be reached from other machines, and without auth whoever reaches it may run commands here; give --ws-auth, or --allow-unauthenticated if the network itself keeps strangers out`,
    );
  }
  const tls = readTls(options);
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

function readTls(options: TcpOptions): { cert: string; key: string } | undefined {
  const { certFile, keyFile } = options;
  if (certFile === undefined && keyFile === undefined) {
    if (options.tls) throw new ListenError("wss:// requires `--tls-cert` and `--tls-key`");
    return undefined;
  }
  if (certFile === undefined || keyFile === undefined) {
    throw new ListenError("`--tls-cert` and `--tls-key` require each other");
  }
  return { cert: readPem(certFile), key: readPem(keyFile) };
}

function readPem(file: string): string {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    throw new ListenError(`cannot read ${file}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  if (!content.includes("-----BEGIN ")) throw new ListenError(`${file} is not a PEM file`);
  return content;
}
