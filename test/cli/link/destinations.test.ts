import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExitCode } from "../../../cli/exit-codes.ts";
import { runCli } from "../../support/our-cli.ts";
import { ourServerCommand } from "../../support/our-program.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

let home: string;
let server: TestServer;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "codex-env-destinations-"));
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

/** A server on its stdio whose commands know by `$PLACE` where they are, behind a shell that says something. */
function stdioEntry(id: string): string {
  const words = [
    "-c",
    'echo Welcome; exec "$@"',
    "sh",
    ...ourServerCommand(),
    "--listen",
    "stdio",
    "--log-level",
    "error",
  ];
  return `[[environments]]\nid = "${id}"\nprogram = "/bin/sh"\nargs = ${JSON.stringify(words)}\nenv = { PLACE = "${id}" }\n`;
}

const dead = '[[environments]]\nid = "dead"\nurl = "ws://127.0.0.1:1"\n';
const configure = (text: string) => writeFileSync(join(home, "environments.toml"), text);
const run = (
  words: readonly string[],
  more: { readonly stdin?: string; readonly env?: Record<string, string> } = {},
) => runCli(words, { ...more, env: { CODEX_HOME: home, PLACE: "here", ...more.env } });
const where = ["--", "sh", "-c", "echo $PLACE"];

test("with a slip in CODEX_HOME nothing runs here in silence, and a URL needs none", async () => {
  const slip = join(home, "slip");
  const refused = await run(["exec", ...where], { env: { CODEX_HOME: slip } });
  expect(refused).toMatchObject({ code: ExitCode.notConnected, stdout: "" });
  expect(refused.stderr).toContain(`CODEX_HOME points to "${slip}", but that path does not exist`);
  const byUrl = await run(["exec", "--url", server.url, "--", "echo", "there"], {
    env: { CODEX_HOME: slip },
  });
  expect(byUrl).toMatchObject({ code: 0, stdout: "there\n" });
});

describe("a command is run", () => {
  test("in the environment that is named, whose program may say something", async () => {
    configure(`default = "dead"\n${dead}${stdioEntry("box")}`);
    for (const words of [["-e", "box"], ["--environment=box"]]) {
      expect(await run(["exec", ...words, ...where])).toEqual({
        code: 0,
        stdout: "box\n",
        stderr: "codex-env exec: box says: Welcome\n",
      });
    }
    expect((await run(["exec", "-e", "local", ...where])).stdout).toBe("here\n");
  });

  test("in the default where none is named, be there a variable or not", async () => {
    configure(`default = "box"\n${stdioEntry("box")}`);
    const { stdout } = await run(["exec", ...where], { env: { CODEX_EXEC_SERVER_URL: "ws://127.0.0.1:1" } });
    expect(stdout).toBe("box\n");
    expect((await run(["exec", "--url", server.url, "--", "echo", "there"])).stdout).toBe("there\n");
  });

  test("nowhere when that one is dead: not on this machine either", async () => {
    configure(`default = "dead"\n${dead}`);
    const { code, stdout, stderr } = await run(["exec", ...where]);
    expect([code, stdout]).toEqual([ExitCode.notConnected, ""]);
    expect(stderr).toBe(
      "codex-env exec: environment `dead` is not available: cannot connect to ws://127.0.0.1:1: nothing listens there; start the server there, or look for a slip in the address\n",
    );
  });

  test("nowhere when environments are disabled, the file is wrong, or all would run elsewhere", async () => {
    configure('default = "none"\n');
    expect(await run(["exec", ...where])).toMatchObject({
      code: ExitCode.notConnected,
      stderr: expect.stringContaining("environments.toml disables environments; name one with -e"),
    });
    configure("default = 1\n");
    expect(await run(["exec", ...where])).toMatchObject({
      code: ExitCode.notConnected,
      stderr: expect.stringContaining("line 1, column 1 of environments.toml"),
    });
    configure("");
    expect(await run(["exec", ...where], { env: { CODEX_EXEC_SERVER_NOISE_AUTH_TOKEN: "x" } })).toMatchObject(
      {
        code: ExitCode.notConnected,
        stderr: expect.stringContaining("CODEX_EXEC_SERVER_NOISE_AUTH_TOKEN is set"),
      },
    );
  });

  test.each([
    [["-e", "bix"], 'unknown environment id "bix", did you mean box?'],
    [["-e", "A=b"], 'unknown environment id "A=b"; a variable is set with --env'],
    [["-e", "box", "--url", "ws://x"], "an environment and a URL are given"],
    [["-e", "box", "--token-file", "x"], "codex-env.toml says it"],
  ])("not with %j, which is bad usage", async (words, reason) => {
    configure(stdioEntry("box"));
    const { code, stderr } = await run(["exec", ...words, ...where]);
    expect(code).toBe(ExitCode.usage);
    expect(stderr).toContain(reason);
  });
});

test("the REPL goes to the environment that is named, or to the URL", async () => {
  configure(stdioEntry("box"));
  expect((await run(["connect", "box"], { stdin: "echo $PLACE\n" })).stdout).toBe("box\n");
  expect((await run(["connect", "-e", "box"], { stdin: "echo $PLACE\n" })).stdout).toBe("box\n");
  expect((await run(["connect", server.url], { stdin: "echo there\n" })).stdout).toBe("there\n");
  expect((await run(["connect", "bix"])).stderr).toContain("did you mean box?");
  expect((await run(["connect", "box", "--url", server.url])).code).toBe(ExitCode.usage);
});

test("files are copied to and from the environment that is named", async () => {
  configure(stdioEntry("box"));
  const [source, there, back] = ["source", "there", "back"].map((name) => join(home, name));
  writeFileSync(source ?? "", "content");
  expect((await run(["cp", "-e", "box", source ?? "", `env:${there}`])).code).toBe(0);
  expect((await run(["cp", "-e", "box", `env:${there}`, back ?? ""])).code).toBe(0);
  expect(readFileSync(back ?? "", "utf8")).toBe("content");
});

describe("codex-env.toml says", () => {
  const beside = (text: string) => writeFileSync(join(home, "codex-env.toml"), text);
  afterEach(() => rmSync(join(home, "codex-env.toml"), { force: true }));

  test("which token an environment is given, and that it stays out of what is told", async () => {
    const file = join(home, "token");
    writeFileSync(file, "hush-hush", { mode: 0o600 });
    await using guarded = await startTestServer({
      flags: ["--ws-auth", "capability-token", "--ws-token-file", file],
    });
    configure(`[[environments]]\nid = "far"\nurl = "${guarded.url}"\n`);
    const there = ["-e", "far", "--", "echo", "there"];
    const without = await run(["exec", ...there]);
    expect([without.code, without.stderr]).toEqual([
      ExitCode.notConnected,
      expect.stringContaining("environment `far` is not available"),
    ]);
    beside('[environments.far]\ntoken_file = "token"\n');
    expect(await run(["exec", ...there])).toEqual({ code: 0, stdout: "there\n", stderr: "" });
    expect((await run(["connect", "far"], { stdin: "echo repl\n" })).stdout).toBe("repl\n");
    writeFileSync(file, "another");
    beside('[environments.far]\ntoken_file = "token"\n');
    const wrong = await run(["exec", ...there]);
    expect([wrong.code, wrong.stderr.includes("another")]).toEqual([ExitCode.notConnected, false]);
  });

  test("what an environment may not be used for, and nothing connects to it then", async () => {
    configure(dead + stdioEntry("box"));
    beside("[environments.dead]\nexec_enabled = false\n[environments.box]\nfilesystem_enabled = false\n");
    const code = ExitCode.notConnected;
    const refused = (id: string, use: string) => ({
      code,
      stderr: expect.stringContaining(`environment \`${id}\` may not be used for ${use}`),
    });
    expect(await run(["exec", "-e", "dead", ...where])).toMatchObject(refused("dead", "commands"));
    expect(await run(["connect", "dead"])).toMatchObject(refused("dead", "commands"));
    expect(await run(["connect", "box"])).toMatchObject(refused("box", "files"));
    expect(await run(["cp", "box:/etc/hosts", "dead:/x"])).toMatchObject({ code });
    expect(await run(["cp", "box:/etc/hosts", home])).toMatchObject(refused("box", "files"));
    expect(await run(["dial", "box"])).toMatchObject({ stderr: refused("box", "files").stderr });
    expect((await run(["exec", "-e", "box", ...where])).stdout).toBe("box\n");
  });
});
