import net from "node:net";
import { encodeFrame, Opcode } from "../../support/raw/frame.ts";
import { FrameReader } from "../../support/raw/frame-reader.ts";
import { readMessage, type WireMessage } from "../../support/wire-message.ts";

export type Direction = "to server" | "to client";

/** A message that passes, on the n-th connection of this proxy. */
export interface Passing {
  readonly direction: Direction;
  readonly message: WireMessage;
  readonly connection: number;
}

/** What becomes of it: it passes; the link dies before or after it; or something else goes in its place. */
export type Fate =
  | "pass"
  | "cut before"
  | "cut after"
  | { readonly instead: unknown }
  | { readonly instead: null };

export interface LinkProxy extends AsyncDisposable {
  readonly url: string;
  readonly passed: readonly Passing[];
  readonly connections: number;
  /** New connections are reset until this is undone. */
  refuse(yes: boolean): void;
  cutAll(): void;
}

interface Pair {
  readonly client: net.Socket;
  readonly server: net.Socket;
}

/** A relay between the client and a websocket server that sees every message and can break the link at any. */
export async function startLinkProxy(target: string, decide: (passing: Passing) => Fate): Promise<LinkProxy> {
  const { hostname, port, host } = new URL(target);
  const passed: Passing[] = [];
  const pairs = new Set<Pair>();
  let connections = 0;
  let refusing = false;

  const cut = (pair: Pair) => {
    pairs.delete(pair);
    pair.client.resetAndDestroy();
    pair.server.resetAndDestroy();
  };

  function relay(pair: Pair, direction: Direction, connection: number): void {
    const [from, to] = direction === "to server" ? [pair.client, pair.server] : [pair.server, pair.client];
    const mask = direction === "to server";
    let head: Buffer | undefined = Buffer.alloc(0);
    let dead = false;
    const reader = new FrameReader((frame) => {
      if (dead) return;
      const send = (payload: Buffer | string) =>
        to.write(encodeFrame(frame.opcode, payload, { fin: frame.fin, mask }));
      if (frame.opcode !== Opcode.text || !frame.fin) {
        send(frame.payload);
        return;
      }
      const passing = { direction, connection, message: readMessage(frame.payload.toString()) };
      passed.push(passing);
      const fate = decide(passing);
      if (typeof fate === "object") {
        if (fate.instead !== null) send(JSON.stringify(fate.instead));
        return;
      }
      if (fate !== "cut before") send(frame.payload);
      if (fate === "pass") return;
      dead = true;
      setTimeout(() => cut(pair), fate === "cut after" ? 30 : 0);
    });
    from.on("data", (bytes: Buffer) => {
      if (!head) return reader.push(bytes);
      head = Buffer.concat([head, bytes]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      const text = head.toString("latin1", 0, end).replace(/^host:.*$/im, `Host: ${host}`);
      const rest = Buffer.from(head.subarray(end + 4));
      head = undefined;
      to.write(`${text}\r\n\r\n`);
      reader.push(rest);
    });
  }

  const listener = net.createServer((client) => {
    const connection = ++connections;
    client.on("error", () => {});
    if (refusing) {
      client.resetAndDestroy();
      return;
    }
    const server = net.connect(Number(port), hostname);
    const pair = { client, server };
    pairs.add(pair);
    server.on("error", () => client.destroy());
    client.on("close", () => {
      pairs.delete(pair);
      server.end();
    });
    server.on("close", () => client.end());
    relay(pair, "to server", connection);
    relay(pair, "to client", connection);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("the relay has no port");
  return {
    url: `ws://127.0.0.1:${address.port}`,
    passed,
    get connections() {
      return connections;
    },
    refuse: (yes) => {
      refusing = yes;
    },
    cutAll: () => {
      for (const pair of pairs) cut(pair);
    },
    [Symbol.asyncDispose]: async () => {
      for (const pair of pairs) cut(pair);
      listener.close();
    },
  };
}
