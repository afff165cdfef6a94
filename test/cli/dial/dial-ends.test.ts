import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CuttingProxy } from "../../support/cutting-proxy.ts";
import { ourCli, runCli } from "../../support/our-cli.ts";
import { isAlive } from "../../support/process-state.ts";
import { StockStdioClient } from "../../support/stock-stdio-client.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";

let server: TestServer;
let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "dial-"));
  server = await startTestServer({ flags: ["--session-ttl", "80"] });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

async function dialled(name: string): Promise<StockStdioClient> {
  const client = new StockStdioClient(ourCli(["dial", name]), { CODEX_HOME: home });
  await client.initialize();
  return client;
}

describe("a session that is lost behind dial", () => {
  test("has its processes told to have ended, and the next request opens another", async () => {
    const first = await startTestServer();
    using proxy = new CuttingProxy({ host: "127.0.0.1", port: Number(new URL(first.url).port) });
    await using client = await dialled(proxy.url);
    const seen = await client.start("a", "echo begun; sleep 100");
    await client.when(() => seen.output["stdout"] === "begun\n");
    await first[Symbol.asyncDispose]();
    await client.when(() => seen.closed);
    expect(client.fault).toBeUndefined();
    await using second = await startTestServer({ listen: `ws://127.0.0.1:${new URL(first.url).port}` });
    expect(second.url).toBe(first.url);
    const next = await client.start("b", "echo again");
    await client.when(() => next.closed);
    expect(next.output).toEqual({ stdout: "again\n" });
  });
});

describe("a program behind dial", () => {
  const toml = (script: string) =>
    `[[environments]]\nid = "noisy"\nprogram = "/bin/sh"\nargs = ["-c", ${JSON.stringify(script)}]\n`;
  const serve = () => [...ourCli(["serve"]), "--listen", "stdio"].join(" ");

  test("may print what it likes beside its messages", async () => {
    writeFileSync(
      join(home, "environments.toml"),
      toml(`echo "Welcome to the box"; echo "{ not json"; echo "mail for you" >&2; exec ${serve()}`),
    );
    await using client = await dialled("noisy");
    const seen = await client.start("a", "echo fine");
    await client.when(() => seen.closed);
    expect(seen.output).toEqual({ stdout: "fine\n" });
    expect(client.fault).toBeUndefined();
    expect(client.stderr).toContain("Welcome to the box");
  });

  test("that dies is started again by the next request", async () => {
    const pidFile = join(home, "pid");
    writeFileSync(join(home, "environments.toml"), toml(`echo $$ > ${pidFile}; exec ${serve()}`));
    await using client = await dialled("noisy");
    const seen = await client.start("a", "echo begun; sleep 100");
    await client.when(() => seen.output["stdout"] === "begun\n");
    process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
    await client.when(() => seen.closed);
    const next = await client.start("b", "echo again");
    await client.when(() => next.closed);
    expect(next.output).toEqual({ stdout: "again\n" });
    expect(client.fault).toBeUndefined();
  });
});

describe("the end of dial", () => {
  test("at the end of its input ends what it started", async () => {
    const client = await dialled(server.url);
    const seen = await client.start("a", "echo $$; sleep 100");
    await client.when(() => seen.output["stdout"]?.endsWith("\n") === true);
    const pid = Number(seen.output["stdout"]);
    expect(isAlive(pid)).toBe(true);
    await client[Symbol.asyncDispose]();
    expect(client.child.exitCode).toBe(0);
    expect(await until(() => !isAlive(pid), 5_000)).toBe(true);
  });

  test("at the end of its input comes after the answers to what was asked before", async () => {
    const asked = [
      { id: 1, method: "initialize", params: { clientName: "brief" } },
      { method: "initialized", params: {} },
      { id: 2, method: "environment/info", params: {} },
      { id: 3, method: "nothing/such", params: {} },
    ];
    const stdin = asked.map((message) => `${JSON.stringify(message)}\n`).join("");
    const { code, stdout } = await runCli(["dial", server.url], { stdin });
    const answers = stdout.split("\n").slice(0, -1);
    expect(code).toBe(0);
    expect(answers.map((line) => JSON.parse(line).id).sort()).toEqual([1, 2, 3]);
  });

  test("at the end of its input does not wait for ever for an answer", async () => {
    const silent = JSON.stringify("sleep 100");
    writeFileSync(
      join(home, "environments.toml"),
      `[[environments]]\nid = "silent"\nprogram = "/bin/sh"\nargs = ["-c", ${silent}]\ninitialize_timeout_sec = 60\n`,
    );
    const stdin = '{"id":1,"method":"initialize","params":{"clientName":"brief"}}\n';
    const ended = await runCli(["dial", "silent"], { stdin, env: { CODEX_HOME: home } });
    expect(ended).toMatchObject({ code: 0, stdout: "" });
  }, 20_000);

  test("by SIGTERM does so too", async () => {
    const client = await dialled(server.url);
    const seen = await client.start("a", "echo $$; sleep 100");
    await client.when(() => seen.output["stdout"]?.endsWith("\n") === true);
    const pid = Number(seen.output["stdout"]);
    client.child.kill("SIGTERM");
    await client.child.exited;
    expect(await until(() => !isAlive(pid), 5_000)).toBe(true);
  });
});
