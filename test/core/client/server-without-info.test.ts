import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { checkEnvironment } from "../../../core/environment/check-environment.ts";
import { connect } from "../../../core/environment/connect.ts";
import { run } from "../../../core/environment/run.ts";
import { type LinkProxy, startLinkProxy } from "../../conformance/client/link-proxy.ts";
import { ourCli, runCli } from "../../support/our-cli.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

let server: TestServer;
let silent: LinkProxy;
beforeAll(async () => {
  server = await startTestServer();
  silent = await startLinkProxy(server.url, sayingNothing());
});
afterAll(async () => {
  await silent[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Lets a server introduce itself without its information, and refuses to give it. */
function sayingNothing(): Parameters<typeof startLinkProxy>[1] {
  const asked = new Map<string, unknown>();
  return ({ direction, message, connection }) => {
    const key = `${connection} ${message.id}`;
    if (direction === "to server") {
      asked.set(key, message.method);
      return "pass";
    }
    const error = { code: -32601, message: "method not found" };
    if (asked.get(key) === "environment/info") return { instead: { id: message.id, error } };
    if (asked.get(key) !== "initialize") return "pass";
    return { instead: { id: message.id, result: { sessionId: message.result?.sessionId } } };
  };
}

describe("a server that says nothing of itself", () => {
  test("runs commands all the same, from the root directory", async () => {
    const environment = await connect(silent.url);
    let output = "";
    for await (const event of run(environment, ["/bin/pwd"])) {
      if (event.kind === "output") output += Buffer.from(event.bytes).toString();
    }
    expect(output).toBe("/\n");
    expect(await environment.info()).toMatchObject({ untold: true, shell: { path: "/bin/sh" } });
    await environment.close();
  });

  test("is well, with its round trip, and nothing is known of it", async () => {
    const environment = await connect(silent.url);
    const health = await checkEnvironment(environment);
    expect(health).toMatchObject({ kind: "well", latencyMs: expect.any(Number), info: { untold: true } });
    await environment.close();
  });

  test("is checked by env check, which shows what it does not know", async () => {
    const env = { CODEX_EXEC_SERVER_URL: silent.url, CODEX_HOME: import.meta.dir };
    const table = await runCli(["env", "check"], { env });
    expect(table.stdout).toMatch(/remote .*ms +\? +\? +\? +\?\n/);
    const { stdout } = await runCli(["env", "check", "--json"], { env });
    expect(JSON.parse(stdout)).toMatchObject([{ id: "remote", well: true, shell: null, platform: null }]);
  });

  test("runs the lines of a REPL in /bin/sh, and has no home directory to go to", async () => {
    await using repl = new TerminalProgram(ourCli(["connect", silent.url]));
    await repl.see("says nothing of itself");
    await repl.see("lines run in /bin/sh");
    await repl.see("env:/> ");
    repl.type("cd /usr && echo $0\r");
    await repl.see("\nsh");
    await repl.see("env:/usr> ");
    repl.type(".cd\r");
    await repl.see("does not say where the home directory is");
    repl.type(".ls ~\r");
    await repl.see("does not say where the home directory is");
    repl.type(".info\r");
    await repl.see(/shell +unknown/);
    await repl.see("env:/usr> ");
  });

  test("is refused where its answer is none of the protocol", async () => {
    await using wrong = await startLinkProxy(server.url, ({ direction, message }) =>
      direction === "to client" && message.result !== undefined
        ? { instead: { id: message.id, result: { sessionId: "s", cwd: "/" } } }
        : "pass",
    );
    await expect(connect(wrong.url)).rejects.toThrow("environment/info: the answer is malformed at shell");
  });
});
