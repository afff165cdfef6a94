import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CuttingProxy } from "../../support/cutting-proxy.ts";
import { ourCli } from "../../support/our-cli.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";

let home: string;
let server: TestServer;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "codex-env-interrupted-"));
  server = await startTestServer({ cwd: home });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

const connect = (words: readonly string[]) =>
  new TerminalProgram(ourCli(["connect", ...words]), {
    cwd: home,
    env: { CODEX_HOME: home, HOME: home, XDG_STATE_HOME: home, CODEX_EXEC_SERVER_URL: "" },
  });

test.each([".use slow\r", "@slow echo a\r"])(
  "Ctrl-C gives up an environment that does not answer, and the REPL stays where it is: %j",
  async (line) => {
    const dialled = Promise.withResolvers<void>();
    using silent = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: { open: () => dialled.resolve(), data() {} },
    });
    writeFileSync(
      join(home, "environments.toml"),
      `[[environments]]\nid = "slow"\nurl = "ws://127.0.0.1:${silent.port}"\n`,
    );
    await using repl = connect(["local"]);
    await repl.see(/local:[^>]*> /);
    repl.type(line);
    await dialled.promise;
    repl.type("\x03");
    await repl.see("given up");
    await repl.see(/\[exit 130.*\] local:[^>]*> /);
    repl.type("echo $((40 + 2))\r");
    await repl.see("42\r\n");
  },
);

test("Ctrl-C gives up a command of the REPL that waits for the server, not the REPL", async () => {
  const { hostname, port } = new URL(server.url);
  using proxy = new CuttingProxy({ host: hostname, port: Number(port) });
  await using repl = connect([proxy.url]);
  await repl.see(/Ctrl-D leaves.*env:[^>]*> /s);
  proxy.stall(true);
  repl.type(".ls /\r");
  await repl.see("\r\n");
  // A key that comes before the command has begun is one for the next line.
  const pressed = until(() => {
    repl.type("\x03");
    return repl.seen.includes(".ls: given up");
  }, 3_000);
  expect(await pressed).toBe(true);
  await repl.see(/given up.*env:[^>]*> /s);
  proxy.stall(false);
  repl.type("echo $((40 + 2))\r");
  await repl.see("42\r\n");
});
