import type { Server } from "bun";
import { openFilesLimit } from "../../host/open-files-limit.ts";
import { limits } from "../../limits.ts";
import type { Acceptor } from "../../transport/connection.ts";
import type { LivenessMonitor } from "../../transport/liveness.ts";
import type { WebSocketData } from "../../transport/websocket-connection.ts";
import { websocketHandler } from "../../transport/websocket-handler.ts";
import { answerAtDoor, type DoorPolicy, text, welcome } from "./door.ts";
import { insiderCheck, loadInsiderCheck } from "./insiders.ts";
import type { PeerFault } from "./sandboxed-peer.ts";

/** Where Bun binds. `tls` holds the contents of PEM files. */
export type BindAddress =
  | { readonly hostname: string; readonly port: number; readonly tls?: { cert: string; key: string } }
  | { readonly unix: string };

export interface WebSocketService {
  readonly door: DoorPolicy;
  readonly accept: Acceptor;
  readonly liveness: LivenessMonitor;
  /** How peers without an address are named. */
  readonly unnamedPeer: string;
  readonly onRefused?: OnRefused | undefined;
}

/** Undefined: the connection has become a websocket. */
type Answer = Response | undefined;

/** Told of each peer that is not let in: 401, 403 or 503. */
export type OnRefused = (refused: { readonly peer: string; readonly status: number }) => void;

/** Binds, and serves HTTP answers and websockets there. Throws what Bun throws when it cannot bind. */
export function serveWebSockets(bind: BindAddress, service: WebSocketService): Server<WebSocketData> {
  const { door, accept, liveness, unnamedPeer, onRefused } = service;
  let counted: number | undefined;
  const maxConnections = (): number => {
    // At the limit of open files Bun would spin on connections that it cannot take, and commands could not start.
    counted ??= Math.min(limits.connections, Math.floor(openFilesLimit() / 2));
    return counted;
  };
  const options = {
    // Bun takes this for a wish to share the port with other processes too, unless `reusePort` says no.
    development: false,
    websocket: websocketHandler(accept, liveness),

    fetch(request: Request, server: Server<WebSocketData>): Answer | Promise<Answer> {
      const address = server.requestIP(request);
      const peer = address === null ? unnamedPeer : peerName(address);
      const refuse = (answer: Response): Response => {
        if ([401, 403, 503].includes(answer.status)) onRefused?.({ peer, status: answer.status });
        return answer;
      };
      const answer = answerAtDoor(request, door);
      if (answer !== welcome) return refuse(answer);
      const open = server.pendingWebSockets;
      // The first is always taken, so that asking for the limit is no part of it.
      if (open > 0 && open >= maxConnections()) {
        return refuse(text(503, `too many connections: the limit is ${maxConnections()}`));
      }
      const admit = (fault?: PeerFault): Answer => {
        if (fault !== undefined) return refuse(text(fault.status, fault.reason));
        // Bun would select the first subprotocol that is offered; the reference selects none.
        request.headers.delete("sec-websocket-protocol");
        if (server.upgrade(request, { data: { peer } })) return undefined;
        return text(400, "`Sec-WebSocket-Key` header is not valid");
      };
      // The sockets of files cannot be reached from a sandbox: its filter lets no process connect to one.
      if (address === null || server.port === undefined) return admit();
      const asked = { ...address, ourPort: server.port };
      const check = insiderCheck();
      if (check === undefined) return loadInsiderCheck().then(async (loaded) => admit(await loaded(asked)));
      const fault = check(asked);
      return fault instanceof Promise ? fault.then(admit) : admit(fault);
    },

    error: () => text(500, "internal error"),
  };
  return "unix" in bind
    ? Bun.serve<WebSocketData>({ ...bind, ...options })
    : Bun.serve<WebSocketData>({
        ...bind,
        reusePort: false,
        idleTimeout: limits.handshakeIdleSeconds,
        ...options,
      });
}

function peerName({ address, port, family }: { address: string; port: number; family: string }): string {
  if (address === "") return "unix";
  return family === "IPv6" ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Stops at once where no websocket is open, else when their peers have read what was sent. */
export async function stopServing(server: Server<WebSocketData>): Promise<void> {
  const deadline = performance.now() + limits.lastWordsMs;
  while (server.pendingWebSockets > 0 && performance.now() < deadline) await Bun.sleep(5);
  await server.stop(true);
}
