import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CuttingProxy } from "../../../support/cutting-proxy.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";
import { Front } from "./front.ts";

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
