import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClientOptions, connectClient, type ExecClient } from "../../../core/client/connect-client.ts";
import type { LinkState } from "../../../core/client/link-state.ts";
import { parseTarget } from "../../../core/client/target.ts";
import type { ProcessEvent, StartSpec } from "../../../core/process/process-backend.ts";
import { CuttingProxy, type Harm } from "../../support/cutting-proxy.ts";
import { isAlive } from "../../support/process-state.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => await server[Symbol.asyncDispose]());

function proxyTo(harm: (connection: number) => Harm): CuttingProxy {
  const { hostname, port } = new URL(server.url);
  return new CuttingProxy({ host: hostname, port: Number(port), harm });
}

function dial(url: string, options: Partial<ClientOptions> = {}): Promise<ExecClient> {
  return connectClient(parseTarget(url), { clientName: "test", ...options });
}

const command = (script: string, stdin = false): StartSpec => ({
  argv: ["/bin/sh", "-c", script],
  cwd: "file:///tmp",
  env: {},
  inherit: "all",
  stdio: { kind: "pipes", stdin },
});

/** Everything that a process did, once it is over. */
async function run(
  client: ExecClient,
  spec: StartSpec,
  heard: (text: string) => void = () => {},
): Promise<{ text: string; events: ProcessEvent[] }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const events: ProcessEvent[] = [];
  const pieces: Uint8Array[] = [];
  await client.processes.start(spec, (event) => {
    if (event.kind === "output") {
      pieces.push(event.bytes);
      heard(new TextDecoder().decode(event.bytes));
    } else events.push(event);
    if (event.kind === "closed" || event.kind === "lost") resolve();
    return undefined;
  });
  await promise;
  return { text: Buffer.concat(pieces).toString(), events };
}

/** A generator of its own, so that a failing run can be repeated by its seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const ended = [{ kind: "exited", status: { kind: "exited", code: 7 } }, { kind: "closed" }] as const;

describe("a client over a link that is cut", () => {
  test.each([1, 2, 3])(
    "at random bytes, seed %i: output arrives whole, once and in order",
    async (seed) => {
      const random = seeded(seed);
      using proxy = proxyTo((connection) =>
        connection < 8 ? { kind: "cut", afterBytes: 700 + Math.floor(random() * 400_000) } : { kind: "none" },
      );
      using client = await dial(proxy.url);
      const { text, events } = await run(client, command("seq 1 200000; exit 7"));
      expect(events).toEqual([...ended]);
      expect(text).toBe(`${Array.from({ length: 200_000 }, (_, index) => index + 1).join("\n")}\n`);
      expect(proxy.connections).toBeGreaterThan(1);
    },
    20_000,
  );

  test("while stdin is written: every byte arrives once", async () => {
    const random = seeded(7);
    using proxy = proxyTo((connection) =>
      connection < 6
        ? { kind: "cut upload", afterBytes: 1_000 + Math.floor(random() * 200_000) }
        : { kind: "none" },
    );
    using client = await dial(proxy.url);
    const input = Array.from({ length: 60_000 }, (_, index) => `line ${index}\n`).join("");
    const { promise, resolve } = Promise.withResolvers<void>();
    let sum = "";
    const remote = await client.processes.start(command("sha256sum", true), (event) => {
      if (event.kind === "output") sum += new TextDecoder().decode(event.bytes);
      if (event.kind === "closed") resolve();
      return undefined;
    });
    await remote.stdin.write(new TextEncoder().encode(input));
    await remote.stdin.end();
    await promise;
    expect(sum.slice(0, 64)).toBe(new Bun.CryptoHasher("sha256").update(input).digest("hex"));
    expect(proxy.connections).toBeGreaterThan(2);
  }, 20_000);

  test("half-open: it is noticed within 20 s, and nothing is lost", async () => {
    using proxy = proxyTo((connection) =>
      connection === 0 ? { kind: "half-open", afterBytes: 20_000 } : { kind: "none" },
    );
    using client = await dial(proxy.url);
    const startedAt = performance.now();
    const { text, events } = await run(client, command("seq 1 50000; exit 7"));
    expect(events).toEqual([...ended]);
    expect(text.endsWith("\n50000\n")).toBe(true);
    expect(text.split("\n")).toHaveLength(50_001);
    expect(performance.now() - startedAt).toBeLessThan(25_000);
  }, 60_000);

  test("a start that was cut happens exactly once", async () => {
    for (let after = 1; after < 400; after += 41) {
      using proxy = proxyTo(() => ({ kind: "none" }));
      using client = await dial(proxy.url);
      proxy.cutAfter(after);
      const { text, events } = await run(client, command("echo once; exit 7"));
      expect(events).toEqual([...ended]);
      expect(text).toBe("once\n");
    }
  }, 20_000);

  test("while a command prints far more than one answer holds: all of it follows the resume", async () => {
    using proxy = proxyTo(() => ({ kind: "none" }));
    using client = await dial(proxy.url);
    const began = Promise.withResolvers<void>();
    const directory = mkdtempSync(join(tmpdir(), "codex-env-cut-"));
    const printed = join(directory, "printed");
    const running = run(client, command(`seq 1 3000000; : > ${printed}; exit 7`), () => began.resolve());
    await began.promise;
    proxy.refuse(true);
    proxy.cutAll();
    expect(await until(() => existsSync(printed), 10_000)).toBe(true);
    rmSync(directory, { recursive: true });
    proxy.refuse(false);
    const { text, events } = await running;
    expect(events).toEqual([...ended]);
    expect(new Bun.CryptoHasher("sha256").update(text).digest("hex")).toBe(
      Bun.spawnSync(["sh", "-c", "seq 1 3000000 | sha256sum"]).stdout.toString().slice(0, 64),
    );
  }, 20_000);

  test("both streams and a PTY, cut at random bytes: each arrives whole and in order", async () => {
    const random = seeded(11);
    using proxy = proxyTo((connection) =>
      connection < 8 ? { kind: "cut", afterBytes: 2_000 + Math.floor(random() * 60_000) } : { kind: "none" },
    );
    using client = await dial(proxy.url);
    const streams: Record<string, string> = { stdout: "", stderr: "", pty: "" };
    const collect = async (spec: StartSpec) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      await client.processes.start(spec, (event) => {
        if (event.kind === "output") streams[event.stream] += new TextDecoder().decode(event.bytes);
        if (event.kind === "closed" || event.kind === "lost") resolve();
        return undefined;
      });
      await promise;
    };
    const both = command("i=0; while [ $i -lt 3000 ]; do echo $i; echo e$i >&2; i=$((i+1)); done");
    const screen = { ...command("seq 1 8000"), stdio: { kind: "pty", rows: 24, columns: 80 } as const };
    await Promise.all([collect(both), collect(screen)]);
    const numbers = Array.from({ length: 3_000 }, (_, index) => index);
    expect(streams["stdout"]).toBe(numbers.map((number) => `${number}\n`).join(""));
    expect(streams["stderr"]).toBe(numbers.map((number) => `e${number}\n`).join(""));
    expect(streams["pty"]).toBe(Array.from({ length: 8_000 }, (_, index) => `${index + 1}\r\n`).join(""));
    expect(proxy.connections).toBeGreaterThan(2);
  }, 20_000);

  test("without resuming: the process is lost, and the reason is said", async () => {
    using proxy = proxyTo(() => ({ kind: "cut", afterBytes: 3_000 }));
    using client = await dial(proxy.url, { resume: false });
    const { events } = await run(client, command("seq 1 50000; sleep 5"));
    expect(events).toEqual([{ kind: "lost", reason: expect.any(String) }]);
    expect(client.state.kind).toBe("lost");
  });

  test("when the server forgets the session: the client says so and gives up", async () => {
    await using brief = await startTestServer({ flags: ["--session-ttl", "1"] });
    const { hostname, port } = new URL(brief.url);
    using proxy = new CuttingProxy({ host: hostname, port: Number(port) });
    const states: LinkState[] = [];
    using client = await dial(proxy.url, { onState: (state) => states.push(state) });
    const said = Promise.withResolvers<string>();
    const outcome = run(client, command("echo $$; exec sleep 300"), said.resolve);
    const pid = (await said.promise).trim();
    proxy.refuse(true);
    proxy.cutAll();
    // The session is forgotten before what it started is ended.
    expect(await until(() => !isAlive(pid), 10_000)).toBe(true);
    proxy.refuse(false);
    const { events } = await outcome;
    const reason = "the session has expired on the server, and its processes with it";
    expect(events).toEqual([{ kind: "lost", reason }]);
    expect(states.at(-1)).toEqual({ kind: "lost", reason });
  }, 20_000);
});
