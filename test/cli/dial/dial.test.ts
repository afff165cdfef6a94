import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CuttingProxy, type Harm } from "../../support/cutting-proxy.ts";
import { ourCli, runCli } from "../../support/our-cli.ts";
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

function proxyTo(url: string, harm: (connection: number) => Harm = () => ({ kind: "none" })): CuttingProxy {
  const { hostname, port } = new URL(url);
  return new CuttingProxy({ host: hostname, port: Number(port), harm });
}

async function dialled(name: string): Promise<StockStdioClient> {
  const client = new StockStdioClient(ourCli(["dial", name]), { CODEX_HOME: home });
  await client.initialize();
  return client;
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `${index + 1}\n`).join("");

describe("through dial", () => {
  test("a command runs as on a server of one's own", async () => {
    await using client = await dialled(server.url);
    const seen = await client.start("a", 'read line; echo "got $line"; echo bad >&2; exit 3', true);
    await client.request("process/write", { processId: "a", chunk: btoa("hello\n"), writeId: "1" });
    await client.when(() => seen.closed);
    expect(seen).toMatchObject({ output: { stdout: "got hello\n", stderr: "bad\n" }, exitCode: 3 });
    expect(client.fault).toBeUndefined();
  });

  test("an environment is found by its name", async () => {
    writeFileSync(
      join(home, "environments.toml"),
      `[[environments]]\nid = "devbox"\nurl = "${server.url}"\n`,
    );
    await using client = await dialled("devbox");
    const seen = await client.start("a", "echo there");
    await client.when(() => seen.closed);
    expect(seen.output).toEqual({ stdout: "there\n" });
  });

  test("a name that is not configured is an error that names it", async () => {
    const run = await runCli(["dial", "nowhere"], { env: { CODEX_HOME: home }, stdin: "" });
    expect(run.code).not.toBe(0);
    expect(run.stderr).toContain("nowhere");
    expect(run.stdout).toBe("");
  });

  test.each([
    ["by its name", "box", "box -> box"],
    ["as the default", "", "box -> box"],
    ["behind a flag", "--session-ttl 60 box", "box -> box"],
    ["through another", "other", "box -> other -> box"],
    ["only later", "round", "box -> round -> round"],
  ])("a name that leads to itself %s is refused, and started no second time", async (_how, words, way) => {
    const entry = (id: string, args: string) =>
      `[[environments]]\nid = "${id}"\nprogram = "codex-env"\nargs = ${JSON.stringify(["dial", ...args.split(" ").filter(Boolean)])}\n`;
    const toml = `default = "box"\n${entry("box", words)}${entry("other", "box")}${entry("round", "round")}`;
    writeFileSync(join(home, "environments.toml"), toml);
    const run = await runCli(["dial", "box"], { env: { CODEX_HOME: home }, stdin: "" });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`is codex-env dial of itself (${way})`);
  });

  test("a name that is another's is dialled through it", async () => {
    const [program = "", ...args] = ourCli(["dial"]);
    const entry = (id: string, rest: readonly string[]) =>
      `[[environments]]\nid = "${id}"\nprogram = ${JSON.stringify(program)}\nargs = ${JSON.stringify([...args, ...rest])}\n`;
    writeFileSync(
      join(home, "environments.toml"),
      `${entry("near", ["far"])}[[environments]]\nid = "far"\nurl = "${server.url}"\n`,
    );
    await using client = await dialled("near");
    const seen = await client.start("a", "echo there");
    await client.when(() => seen.closed);
    expect(seen.output).toEqual({ stdout: "there\n" });
  });

  test("a server that is not there is told of on stderr once, while it is tried again", async () => {
    using proxy = proxyTo(server.url, (connection) =>
      connection < 3 ? { kind: "cut", afterBytes: 1 } : { kind: "none" },
    );
    writeFileSync(join(home, "environments.toml"), `[[environments]]\nid = "late"\nurl = "${proxy.url}"\n`);
    await using client = await dialled("late");
    expect(client.stderr).toMatch(/^codex-env dial: late: cannot connect to ws:[^\n]*; trying again\n$/);
    expect(proxy.connections).toBe(4);
  });

  test("a program that ends at once is an answer to the client, and one line on stderr beside its own", async () => {
    writeFileSync(
      join(home, "environments.toml"),
      '[[environments]]\nid = "broken"\nprogram = "sh"\nargs = ["-c", "echo no such host >&2; exit 4"]\n',
    );
    await using client = new StockStdioClient(ourCli(["dial", "broken"]), { CODEX_HOME: home });
    const { error } = await client.call("initialize", { clientName: "test", resumeSessionId: null });
    expect(error).toBeDefined();
    await client.when(() => client.stderr.split("\n").length > 2);
    expect(client.stderr.split("\n").toSorted()).toEqual([
      "",
      "codex-env dial: broken says: no such host",
      "codex-env dial: broken: sh ended with exit code 4: no such host",
    ]);
  });

  test("an error of the server is passed on as it is", async () => {
    await using client = await dialled(server.url);
    const missing = await client.call("fs/readFile", { path: "file:///nowhere/at/all", sandbox: null });
    expect(missing.error?.code).toBe(-32004);
    expect((await client.call("nothing/known", {})).error?.code).toBe(-32601);
  });
});

describe("a link that is cut behind dial", () => {
  test("at random bytes, again and again, is not seen by a stock client", async () => {
    // Every connection but the tenth is cut within its first 60 kB.
    const harm = (connection: number): Harm =>
      connection > 9
        ? { kind: "none" }
        : { kind: "cut", afterBytes: 1_500 + ((connection * 7_919) % 60_000) };
    using proxy = proxyTo(server.url, harm);
    await using client = await dialled(proxy.url);
    const seen = await client.start("a", "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); echo $i; done; exit 5");
    await client.when(() => seen.closed);
    expect(client.fault).toBeUndefined();
    expect(seen.exitCode).toBe(5);
    expect(seen.output["stdout"] === numbers(60_000)).toBe(true);
    expect(proxy.connections).toBeGreaterThan(3);
    expect(client.stderr).toContain("is back");
  });

  test("while a process reads its stdin, has each byte arrive once and in order", async () => {
    using proxy = proxyTo(server.url);
    await using client = await dialled(proxy.url);
    const seen = await client.start("a", "cat", true);
    const writes: Promise<unknown>[] = [];
    for (let index = 1; index <= 200; index++) {
      writes.push(
        client.request("process/write", { processId: "a", chunk: btoa(`${index}\n`), writeId: `${index}` }),
      );
      if (index % 40 === 0) {
        proxy.cutAll();
        await Bun.sleep(20);
      }
    }
    await Promise.all(writes);
    await client.when(() => seen.output["stdout"]?.endsWith("\n200\n") === true);
    expect(seen.output["stdout"]).toBe(numbers(200));
    await client.request("process/terminate", { processId: "a" });
    await client.when(() => seen.closed);
    expect(client.fault).toBeUndefined();
  });

  test("with a request under way whose effect nobody knows has that said, and never does it again", async () => {
    const file = join(home, "appended");
    using proxy = proxyTo(server.url);
    await using client = await dialled(proxy.url);
    const seen = await client.start(
      "a",
      `trap 'echo hit >> ${file}' USR1; echo ready; while :; do sleep 0.05; done`,
    );
    await client.when(() => seen.output["stdout"] === "ready\n");
    proxy.stall(true);
    const asked = client.call("process/signal", { processId: "a", signal: "SIGUSR1" });
    const read = client.call("fs/getMetadata", { path: "file:///tmp", sandbox: null });
    await Bun.sleep(50);
    proxy.cutAll();
    proxy.stall(false);
    expect((await asked).error?.message).toContain("whether it took effect is unknown");
    expect((await read).result).toMatchObject({ isDirectory: true });
    await client.request("process/signal", { processId: "a", signal: "SIGUSR1" });
    expect(await until(() => existsSync(file), 5_000)).toBe(true);
    expect(readFileSync(file, "utf8")).toBe("hit\n");
  });

  test("while a start is under way has the command started once", async () => {
    const file = join(home, "started");
    using proxy = proxyTo(server.url);
    await using client = await dialled(proxy.url);
    proxy.cutAfter(10);
    const seen = await client.start("a", `echo once >> ${file}; sleep 0.3; echo done`);
    await client.when(() => seen.closed);
    expect(seen.output).toEqual({ stdout: "done\n" });
    expect(readFileSync(file, "utf8")).toBe("once\n");
    expect(client.fault).toBeUndefined();
  });

  test("while a file is read in blocks has it read on", async () => {
    const file = join(home, "blocks");
    writeFileSync(file, numbers(50_000));
    using proxy = proxyTo(server.url);
    await using client = await dialled(proxy.url);
    await client.request("fs/open", { handleId: "h", path: `file://${file}`, mode: "read", sandbox: null });
    let text = "";
    for (let offset = 0; ; ) {
      const answer = await client.request("fs/readBlock", { handleId: "h", offset, len: 50_000 });
      const { chunk, eof } = answer as { chunk: string; eof: boolean };
      const bytes = Buffer.from(chunk, "base64");
      text += bytes.toString();
      offset += bytes.length;
      if (eof) break;
      proxy.cutAll();
    }
    await client.request("fs/close", { handleId: "h" });
    expect(text === numbers(50_000)).toBe(true);
  });

  test("while a file is written in blocks has the client told, for closing it would look like success", async () => {
    using proxy = proxyTo(server.url);
    await using client = await dialled(proxy.url);
    const path = `file://${join(home, "written")}`;
    await client.request("fs/open", { handleId: "w", path, mode: "replace", sandbox: null });
    await client.request("fs/writeBlock", { handleId: "w", offset: 0, chunk: btoa("half") });
    proxy.cutAll();
    await client.when(() => client.stderr.includes("is back"));
    const closed = await client.call("fs/close", { handleId: "w" });
    expect(closed.error?.message).toContain("write it again");
  });
});
