import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bridge } from "../../../../core/client/bridge/bridge.ts";
import { parseTarget } from "../../../../core/client/target.ts";
import type { DialedConnection } from "../../../../core/transport/dialed-connection.ts";
import { connectInMemory } from "../../../../core/transport/memory-connection.ts";
import { CuttingProxy } from "../../../support/cutting-proxy.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** The client in front of a bridge: everything that it is told, in order. */
class Front implements Disposable {
  readonly told: Message[] = [];
  readonly states: string[] = [];
  readonly bridge: Bridge;
  readonly #connection: DialedConnection;
  readonly #watchers = new Set<() => void>();

  constructor(url: string) {
    let bridge: Bridge | undefined;
    const accept = (connection: ConstructorParameters<typeof Bridge>[0]) => {
      bridge = new Bridge(connection, {
        target: parseTarget(url),
        resume: true,
        onState: ({ kind }) => this.#add(() => this.states.push(kind)),
        onNoise() {},
      });
      return bridge;
    };
    this.#connection = connectInMemory(accept, () => ({
      message: (text) => this.#add(() => this.told.push(JSON.parse(text))),
      drained() {},
      closed() {},
    }));
    if (bridge === undefined) throw new Error("nobody accepted");
    this.bridge = bridge;
  }

  send(message: object): void {
    this.#connection.send(JSON.stringify(message));
  }

  /** The first message of which this is so. */
  async first(isIt: (message: Message) => boolean): Promise<Message> {
    await this.when(() => this.told.some(isIt));
    return this.told.find(isIt) ?? {};
  }

  async when(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise<void>((resolve) => this.#watchers.add(resolve));
  }

  async initialize(): Promise<void> {
    this.send({ id: 0, method: "initialize", params: { clientName: "front", resumeSessionId: null } });
    await this.first(({ id }) => id === 0);
    this.send({ method: "initialized", params: {} });
  }

  [Symbol.dispose](): void {
    this.#connection.close(1000, "done");
  }

  #add(note: () => unknown): void {
    note();
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const watcher of watchers) watcher();
  }
}

describe("the body of an HTTP answer", () => {
  /** Answers a streamed request with two pieces, the first in the same breath, and never ends it. */
  const streaming = () => {
    const info = { shell: { name: "sh", path: "/bin/sh" } };
    return Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: (request, self) => (self.upgrade(request) ? undefined : new Response()),
      websocket: {
        message(socket, text) {
          const { id, method, params } = JSON.parse(String(text));
          if (method === "initialize")
            socket.send(JSON.stringify({ id, result: { sessionId: "s", environmentInfo: info } }));
          if (method !== "http/request") return;
          const delta = (seq: number) =>
            JSON.stringify({
              method: "http/request/bodyDelta",
              params: {
                requestId: params.requestId,
                seq,
                deltaBase64: btoa(`${seq}`),
                done: false,
                error: null,
              },
            });
          socket.cork(() => {
            socket.send(JSON.stringify({ id, result: { status: 200, headers: [], bodyBase64: "" } }));
            socket.send(delta(1));
            socket.send(delta(2));
          });
        },
      },
    });
  };

  test("comes after the answer, and ends with an error where the link is cut", async () => {
    await using server = streaming();
    using proxy = new CuttingProxy({ host: "127.0.0.1", port: server.port ?? 0 });
    using front = new Front(proxy.url);
    await front.initialize();
    front.send({ id: 1, method: "http/request", params: { requestId: "r", streamResponse: true } });
    await front.first(({ params }) => params?.["seq"] === 2);
    proxy.cutAll();
    const last = await front.first(({ params }) => params?.["done"] === true);
    expect(last.params).toMatchObject({ requestId: "r", seq: 3, deltaBase64: "" });
    expect(String(last.params?.["error"])).toContain("cut");
    const order = front.told.filter(({ id, params }) => id === 1 || params !== undefined);
    expect(order.map(({ id, params }) => id ?? params?.["seq"])).toEqual([1, 1, 2, 3]);
  });
});

describe("with a server behind it", () => {
  let server: TestServer;
  let dir: string;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "bridge-"));
    server = await startTestServer();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  });

  const proxyTo = (url: string) => new CuttingProxy({ host: "127.0.0.1", port: Number(new URL(url).port) });

  test("a watch outlives a cut, and tells what appeared meanwhile", async () => {
    for (const when of ["while it is cut", "later"]) {
      using proxy = proxyTo(server.url);
      using front = new Front(proxy.url);
      await front.initialize();
      const path = join(dir, when.replaceAll(" ", "-"));
      const params = { watchId: 1, missing: [`file://${path}`] };
      front.send({ id: 1, method: "fs/watchMissing", params });
      expect((await front.first(({ id }) => id === 1)).result).toEqual({ watching: true });
      proxy.refuse(true);
      proxy.cutAll();
      await front.when(() => front.states.includes("recovering"));
      if (when === "while it is cut") writeFileSync(path, "");
      proxy.refuse(false);
      await front.when(() => front.states.lastIndexOf("ready") > front.states.indexOf("recovering"));
      if (when === "later") writeFileSync(path, "");
      const { params: told } = await front.first(({ method }) => method === "fs/missingChanged");
      expect(told).toEqual({ watchId: 1 });
    }
  });

  test("what comes before initialize, twice, or makes no sense is refused, and the rest goes on", async () => {
    using front = new Front(server.url);
    front.send({ id: 1, method: "environment/info", params: {} });
    expect((await front.first(({ id }) => id === 1)).error?.message).toContain("initialize first");
    await front.initialize();
    front.send({ id: 2, method: "initialize", params: { clientName: "again" } });
    expect((await front.first(({ id }) => id === 2)).error?.message).toContain("only be sent once");
    front.send([1]);
    expect((await front.first(({ id }) => id === -1)).error?.code).toBe(-32600);
    front.send({ id: 3, method: "environment/status", params: {} });
    expect((await front.first(({ id }) => id === 3)).result).toEqual({ status: "ready" });
  });

  test("a session to be resumed is one that this server never had", async () => {
    using front = new Front(server.url);
    front.send({ id: 1, method: "initialize", params: { clientName: "c", resumeSessionId: "earlier" } });
    expect((await front.first(({ id }) => id === 1)).error?.message).toBe("unknown session id earlier");
    await front.initialize();
    expect(front.states).toEqual(["ready"]);
  });

  test("its end ends what was started, and resolves after that", async () => {
    const front = new Front(server.url);
    await front.initialize();
    const params = {
      processId: "p",
      argv: ["sleep", "100"],
      cwd: "file:///",
      env: {},
      tty: false,
      pipeStdin: false,
      arg0: null,
    };
    front.send({ id: 1, method: "process/start", params });
    await front.first(({ id }) => id === 1);
    front[Symbol.dispose]();
    await front.bridge.ended;
    expect(front.states.at(-1)).toBe("closed");
  });
});

test("where nothing listens, initialize is answered with the reason while a published client still waits", async () => {
  using front = new Front("ws://127.0.0.1:1");
  const startedAt = performance.now();
  front.send({ id: 0, method: "initialize", params: { clientName: "front", resumeSessionId: null } });
  const { error } = await front.first(({ id }) => id === 0);
  expect(error?.message).toContain("nothing listens there");
  expect(performance.now() - startedAt).toBeLessThan(9_500);
}, 20_000);
