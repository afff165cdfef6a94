import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signToken } from "../../core/server/auth/tokens.ts";
import { startTestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "serve-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Bun's client may send headers and trust a certificate, which the standard's may not. */
type ClientOptions = Bun.WebSocketOptions;

/** Opens a websocket, initializes, and resolves to the answer; rejects when it does not open. */
function initialize(url: string, options: ClientOptions = {}): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const socket = new WebSocket(url, options);
  socket.onopen = () => socket.send('{"id":1,"method":"initialize","params":{"clientName":"secret-name"}}');
  socket.onmessage = ({ data }) => {
    resolve(JSON.parse(String(data)));
    socket.close(1000);
  };
  socket.onclose = ({ code }) => reject(new Error(`closed with ${code}`));
  return promise;
}

const answered = { id: 1, result: { sessionId: expect.any(String) } };

describe("codex-env serve", () => {
  test("prints the bound URL alone on stdout and answers there", async () => {
    await using server = await startTestServer();
    expect(server.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
    expect(await initialize(server.url)).toMatchObject(answered);
  });

  test("serves wss:// with a certificate", async () => {
    const fixtures = join(import.meta.dir, "../../fixtures/tls");
    const flags = ["--tls-cert", `${fixtures}/localhost.crt`, "--tls-key", `${fixtures}/localhost.key`];
    await using server = await startTestServer({ flags });
    expect(server.url).toStartWith("wss://127.0.0.1:");
    const trusted = { tls: { ca: await Bun.file(`${fixtures}/localhost.crt`).text() } };
    expect(await initialize(server.url, trusted)).toMatchObject(answered);
  });

  test("serves a Unix socket of its owner, and removes it at the end", async () => {
    const path = join(directory, "s");
    const server = await startTestServer({ listen: `unix://${path}` });
    expect(server.url).toBe(`unix://${path}`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await initialize(`ws+unix://${path}`)).toMatchObject(answered);
    await server[Symbol.asyncDispose]();
    expect(existsSync(path)).toBe(false);
  });

  test("asks for a capability token", async () => {
    const file = join(directory, "token");
    writeFileSync(file, "opensesame\n", { mode: 0o600 });
    const flags = ["--ws-auth", "capability-token", "--ws-token-file", file];
    await using server = await startTestServer({ flags });
    await expect(initialize(server.url)).rejects.toThrow("closed with 1006");
    await until(() => server.stderr() !== "", 5_000);
    expect(server.stderr()).toMatch(/^\S+ warn connection refused peer=127\.0\.0\.1:\d+ status=401\n/);
    const headers = { authorization: "Bearer opensesame" };
    expect(await initialize(server.url, { headers })).toMatchObject(answered);
  });

  test("asks for a signed bearer token", async () => {
    const file = join(directory, "secret");
    const secret = "s".repeat(32);
    writeFileSync(file, secret);
    const flags = [
      "--ws-auth",
      "signed-bearer-token",
      "--ws-shared-secret-file",
      file,
      "--ws-audience",
      "here",
    ];
    await using server = await startTestServer({ flags });
    const exp = Math.floor(Date.now() / 1000) + 60;
    const bearer = (payload: object) => ({
      headers: { authorization: `Bearer ${signToken({ payload: JSON.stringify(payload), secret })}` },
    });
    await expect(initialize(server.url, bearer({ exp, aud: "there" }))).rejects.toThrow("closed with 1006");
    expect(await initialize(server.url, bearer({ exp, aud: "here" }))).toMatchObject(answered);
  });

  test("logs a line when a connection opens and closes, and nothing of what passes", async () => {
    const server = await startTestServer({ flags: ["--log-format", "json"] });
    await initialize(server.url);
    await until(() => server.stderr().includes("connection closed"), 5_000);
    server.signal("SIGTERM");
    await server.exited;
    const lines = server.stderr().trim().split("\n");
    const events = lines.map((line): Record<string, unknown> => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(["connection opened", "connection closed", "stopping"]);
    expect(events[0]).toMatchObject({ id: 1, transport: "websocket", auth: "none" });
    expect(events[1]).toMatchObject({ id: 1, messagesIn: 1, messagesOut: 1 });
    expect(lines.join()).not.toContain("secret-name");
  });
});

describe("a stop signal", () => {
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    test(`${name} ends the server with exit code 0, and clients are told why`, async () => {
      const server = await startTestServer();
      const socket = new WebSocket(server.url);
      const closed = Promise.withResolvers<CloseEvent>();
      socket.onclose = closed.resolve;
      await new Promise((resolve) => {
        socket.onopen = resolve;
      });
      server.signal(name);
      expect(await closed.promise).toMatchObject({ code: 1001, reason: "the server is shutting down" });
      expect(await server.exited).toBe(0);
    });
  }

  test("SIGHUP is still ignored where it was ignored at the start", async () => {
    await using server = await startTestServer({ ignoreHangup: true });
    server.signal("SIGHUP");
    expect(await initialize(server.url)).toMatchObject(answered);
  });
});
