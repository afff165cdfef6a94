import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type ClientOptions, connectClient, type ExecClient } from "../../../core/client/connect-client.ts";
import { parseTarget, type Target } from "../../../core/client/target.ts";
import { Secret } from "../../../core/host/secret.ts";
import { createExecServer } from "../../../core/server/exec-server.ts";
import { DialError } from "../../../core/transport/dialed-connection.ts";
import { ourServerCommand } from "../../support/our-program.ts";
import { scriptedServer } from "../../support/scripted-server.ts";
import { startTestServer } from "../../support/test-server.ts";

const fixtures = resolve(import.meta.dir, "../../fixtures/tls");
let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "codex-env-dial-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const connect = (target: Target, options: Partial<ClientOptions> = {}) =>
  connectClient(target, { clientName: "test", ...options });

/** Runs `cat` over the client and gives back what was put in. */
async function echo(client: ExecClient, input: Uint8Array): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const { promise, resolve: over } = Promise.withResolvers<void>();
  const remote = await client.processes.start(
    {
      argv: ["cat"],
      cwd: "file:///",
      env: {},
      inherit: "all",
      stdio: { kind: "pipes", stdin: true },
    },
    (event) => {
      if (event.kind === "output") pieces.push(event.bytes);
      if (event.kind === "closed" || event.kind === "lost") over();
      return undefined;
    },
  );
  await remote.stdin.write(input);
  await remote.stdin.end();
  await promise;
  return Buffer.concat(pieces);
}

/** More than socket buffers take at once, so that partial writes happen. */
const input = new Uint8Array(3_000_000).map((_, index) => (index * 31) & 255);

async function expectEcho(client: ExecClient): Promise<void> {
  expect((await echo(client, input)).equals(input)).toBe(true);
  client.close();
}

describe("a client reaches a server", () => {
  test("over ws://", async () => {
    await using server = await startTestServer();
    await expectEcho(await connect(parseTarget(server.url)));
  });

  test("over wss:// whose authority it was told of, and over no other", async () => {
    const flags = ["--tls-cert", `${fixtures}/localhost.crt`, "--tls-key", `${fixtures}/localhost.key`];
    await using server = await startTestServer({ flags, listen: "wss://127.0.0.1:0" });
    const target = parseTarget(server.url);
    if (target.kind !== "websocket") throw new Error("not a websocket");
    const authorities = await Bun.file(`${fixtures}/localhost.crt`).text();
    await expectEcho(await connect({ ...target, tls: { authorities } }));
    const error = await connect(target).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DialError);
    expect(String(error)).toContain("certificate is not trusted");
  });

  test("over a Unix socket", async () => {
    await using server = await startTestServer({ listen: `unix://${dir}/s.sock` });
    await expectEcho(await connect(parseTarget(server.url)));
  });

  test("over the stdio of a command, which ends with the connection", async () => {
    const [program = "", ...args] = ourServerCommand();
    const client = await connect({ kind: "command", argv: [program, ...args, "--listen", "stdio"] });
    await expectEcho(client);
  });

  test("within its own process", async () => {
    const server = await createExecServer({ version: "0", environment: process.env, cwd: dir });
    await expectEcho(await connect({ kind: "memory", accept: server.accept }));
    await server.shutdown();
  });

  test("with a token, and is told why it is refused without", async () => {
    const token = "a token of some length";
    writeFileSync(join(dir, "token"), token.replaceAll(" ", "-"));
    const flags = ["--ws-auth", "capability-token", "--ws-token-file", join(dir, "token")];
    await using server = await startTestServer({ flags });
    const secret = new Secret(token.replaceAll(" ", "-"));
    (await connect(parseTarget(server.url, secret))).close();
    const error = await connect(parseTarget(server.url)).catch((reason: unknown) => reason);
    expect(String(error)).toContain("401: missing websocket bearer token");
    expect(String(error)).not.toContain(secret.reveal());
  });
});

describe("a client that reaches no server is told so", () => {
  test("where nothing listens", async () => {
    expect(String(await connect(parseTarget("ws://127.0.0.1:1")).catch(String))).toContain(
      "nothing listens there",
    );
    expect(String(await connect(parseTarget(`unix://${dir}/none`)).catch(String))).toContain(
      "no such socket",
    );
  });

  test.each([
    ["says nothing of HTTP", "hello\r\n\r\n", "not HTTP"],
    [
      "answers another status",
      "HTTP/1.1 503 Busy\r\n\r\ncome back later",
      "HTTP status 503: come back later",
    ],
    ["accepts with a wrong key", "HTTP/1.1 101 Ok\r\nSec-WebSocket-Accept: x\r\n\r\n", "Accept is wrong"],
    ["hangs up", "", "closed before it was ready"],
  ])("where something %s", async (_what, answer, reason) => {
    using listener = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        data(socket) {
          socket.end(answer);
        },
      },
    });
    const error = await connect(parseTarget(`ws://127.0.0.1:${listener.port}`)).catch(
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(DialError);
    expect(String(error)).toContain(reason);
  });

  test("where a command cannot be started, or ends at once", async () => {
    const missing = await connect({ kind: "command", argv: ["/no/such/program"] }).catch(String);
    expect(missing).toContain("cannot start /no/such/program");
    expect(await connect({ kind: "command", argv: ["/bin/true"] }).catch(String)).toContain("exit code 0");
  });
});

describe("a server that breaks the protocol", () => {
  const answers = (send: (id: number) => string) => {
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: (request, self) => (self.upgrade(request) ? undefined : new Response()),
      websocket: {
        message(socket, text) {
          const { id } = JSON.parse(String(text));
          if (id !== undefined) socket.send(send(id));
        },
      },
    });
    return { server, target: parseTarget(`ws://127.0.0.1:${server.port}`) };
  };

  test.each([
    ["not JSON", () => "{"],
    ["no message", () => "[]"],
    ["an answer of another shape", (id: number) => JSON.stringify({ id, result: { sessionId: 5 } })],
    ["an error without a code", (id: number) => JSON.stringify({ id, error: {} })],
  ])("with %s is refused", async (_what, send) => {
    const { server, target } = answers(send);
    const error = await connect(target).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toMatch(/JSON|malformed|closed/);
    server.stop(true);
  });

  test("by opening another session in place of the one to resume is left, with the reason", async () => {
    let sessions = 0;
    await using server = scriptedServer({ sessionId: () => `${++sessions}` });
    const lost = Promise.withResolvers<string>();
    using client = await connect(parseTarget(server.url), {
      onState: (state) => state.kind === "lost" && lost.resolve(state.reason),
    });
    client.reconnect();
    expect(await lost.promise).toContain("opened another session");
  });

  test("with one that would take gigabytes in memory is left, with the reason", async () => {
    const { server, target } = answers((id) => `{"id":${id},"result":${"[".repeat(1e6)}${"]".repeat(1e6)}}`);
    await expect(connect(target)).rejects.toThrow("levels deep");
    server.stop(true);
  });

  test("with a malformed notification loses its session, with the reason", async () => {
    const params = { processId: "p", seq: 1, stream: "stdout", chunk: "not base64!" };
    await using server = scriptedServer({
      heard: (_, socket) => void socket.send(JSON.stringify({ method: "process/output", params })),
    });
    const lost = Promise.withResolvers<string>();
    using _client = await connect(parseTarget(server.url), {
      onState: (state) => state.kind === "lost" && lost.resolve(state.reason),
    });
    expect(await lost.promise).toContain("malformed notification");
  });
});
