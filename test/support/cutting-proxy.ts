/** What a proxy does to a connection. */
export type Harm =
  | { readonly kind: "none" }
  /** Both sides are cut (TCP reset) after this many bytes from the server. */
  | { readonly kind: "cut"; readonly afterBytes: number }
  /** The same, after this many bytes from the client. */
  | { readonly kind: "cut upload"; readonly afterBytes: number }
  /** From then on nothing passes and nothing is closed, as if a cable were pulled. */
  | { readonly kind: "half-open"; readonly afterBytes: number };

type Socket = Bun.Socket<undefined>;

interface Pair {
  readonly client: Socket;
  server: Socket | undefined;
  /** Bytes that the other side cannot take yet. */
  readonly toServer: Uint8Array[];
  readonly toClient: Uint8Array[];
  harm: Harm;
  fromServer: number;
  fromClient: number;
  dead: boolean;
}

export interface CuttingProxyOptions {
  readonly host: string;
  readonly port: number;
  /** Chooses the harm of each new connection; the number counts from 0. */
  readonly harm?: (connection: number) => Harm;
}

/**
 * A TCP proxy that breaks connections in the ways networks do. Bytes pass unchanged and in order until the harm is done;
 * it holds back each side as long as the other does not read.
 */
export class CuttingProxy implements Disposable {
  readonly #options: CuttingProxyOptions;
  readonly #listener: Bun.TCPSocketListener<undefined>;
  readonly #pairs = new Map<Socket, Pair>();
  #connections = 0;
  #refusing = false;
  #stalled = false;

  constructor(options: CuttingProxyOptions) {
    this.#options = options;
    this.#listener = Bun.listen<undefined>({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        open: (client) => this.#opened(client),
        data: (client, bytes) => this.#fromClient(client, bytes),
        drain: (client) => this.#flush(this.#pairs.get(client)),
        close: (client) => this.#end(this.#pairs.get(client)),
        error: (client) => this.#end(this.#pairs.get(client)),
      },
    });
  }

  /** `ws://127.0.0.1:PORT` of the proxy. */
  get url(): string {
    return `ws://127.0.0.1:${this.#listener.port}`;
  }

  /** How many connections were let through so far. */
  get connections(): number {
    return this.#connections;
  }

  /** Cuts every connection that is open. */
  cutAll(): void {
    for (const pair of new Set(this.#pairs.values())) this.#end(pair);
  }

  /** Cuts the connections that are open now, once so many more bytes have come from the server. */
  cutAfter(bytes: number): void {
    for (const pair of this.#pairs.values()) pair.harm = { kind: "cut", afterBytes: pair.fromServer + bytes };
  }

  /** Pulls the cable of every connection that is open: both ends stay, nothing passes. */
  halfOpenAll(): void {
    for (const pair of this.#pairs.values()) pair.dead = true;
  }

  /** Stops passing bytes (true) and goes on where it stopped (false). Nothing is lost. */
  stall(stalled: boolean): void {
    this.#stalled = stalled;
    if (!stalled) for (const pair of new Set(this.#pairs.values())) this.#flush(pair);
  }

  /** Closes new connections at once. */
  refuse(refusing: boolean): void {
    this.#refusing = refusing;
  }

  [Symbol.dispose](): void {
    this.cutAll();
    this.#listener.stop(true);
  }

  #opened(client: Socket): void {
    if (this.#refusing) {
      client.terminate();
      return;
    }
    const harm = this.#options.harm?.(this.#connections) ?? { kind: "none" };
    this.#connections++;
    const pair: Pair = {
      client,
      server: undefined,
      toServer: [],
      toClient: [],
      harm,
      fromServer: 0,
      fromClient: 0,
      dead: false,
    };
    this.#pairs.set(client, pair);
    Bun.connect<undefined>({
      hostname: this.#options.host,
      port: this.#options.port,
      socket: {
        open: (server) => {
          pair.server = server;
          this.#pairs.set(server, pair);
          this.#flush(pair);
        },
        data: (_server, bytes) => this.#fromServer(pair, bytes),
        drain: () => this.#flush(pair),
        close: () => this.#end(pair),
        error: () => this.#end(pair),
      },
    }).catch(() => this.#end(pair));
  }

  #fromClient(client: Socket, bytes: Uint8Array): void {
    const pair = this.#pairs.get(client);
    if (pair === undefined || pair.dead) return;
    const { harm } = pair;
    const cut = harm.kind === "cut upload" && pair.fromClient + bytes.length >= harm.afterBytes;
    const passed = cut ? bytes.slice(0, harm.afterBytes - pair.fromClient) : bytes.slice();
    pair.fromClient += passed.length;
    pair.toServer.push(passed);
    this.#flush(pair);
    if (cut) this.#end(pair);
  }

  #fromServer(pair: Pair, bytes: Uint8Array): void {
    if (pair.dead) return;
    const { harm } = pair;
    const passes = harm.kind === "none" || harm.kind === "cut upload";
    if (passes || pair.fromServer + bytes.length < harm.afterBytes) {
      pair.fromServer += bytes.length;
      pair.toClient.push(bytes.slice());
      this.#flush(pair);
      return;
    }
    // What came before the harm still arrives, be it in the middle of a frame.
    pair.toClient.push(bytes.slice(0, harm.afterBytes - pair.fromServer));
    this.#flush(pair);
    if (harm.kind === "cut") this.#end(pair);
    else pair.dead = true;
  }

  #flush(pair: Pair | undefined): void {
    if (pair === undefined || this.#stalled) return;
    if (pair.server !== undefined) pass(pair.toServer, pair.server, pair.client);
    pass(pair.toClient, pair.client, pair.server);
  }

  #end(pair: Pair | undefined): void {
    if (pair === undefined) return;
    pair.dead = true;
    this.#pairs.delete(pair.client);
    pair.client.terminate();
    if (pair.server === undefined) return;
    this.#pairs.delete(pair.server);
    pair.server.terminate();
  }
}

/** Queued bytes above which the sender is no longer read. */
const highWater = 256 * 1024;

function pass(queue: Uint8Array[], to: Socket, from: Socket | undefined): void {
  while (queue.length > 0) {
    const [bytes = new Uint8Array(0)] = queue;
    const written = Math.max(0, to.write(bytes));
    if (written < bytes.length) {
      queue[0] = bytes.subarray(written);
      break;
    }
    queue.shift();
  }
  const waiting = queue.reduce((sum, bytes) => sum + bytes.length, 0);
  if (waiting > highWater) from?.pause();
  else from?.resume();
}
