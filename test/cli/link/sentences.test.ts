import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExitCode } from "../../../cli/exit-codes.ts";
import { runCli } from "../../support/our-cli.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

let home: string;
let guarded: TestServer;
let page: Bun.Server<undefined>;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "codex-env-sentences-"));
  writeFileSync(join(home, "token"), "right");
  writeFileSync(join(home, "other"), "wrong");
  guarded = await startTestServer({
    flags: ["--ws-auth", "capability-token", "--ws-token-file", join(home, "token")],
  });
  page = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("a page", { status: 404 }) });
});
afterAll(async () => {
  await guarded[Symbol.asyncDispose]();
  await page.stop(true);
  rmSync(home, { recursive: true, force: true });
});

const configure = (text: string) => writeFileSync(join(home, "environments.toml"), text);
const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runCli(words, { cwd: home, env: { CODEX_HOME: home, HOME: home, ...env } });

/** Words that stand for what is known at run time only. */
const real = (text: string): string =>
  text
    .replaceAll("GUARDED", guarded.url)
    .replaceAll("PAGE", `127.0.0.1:${page.port}`)
    .replaceAll("HOME", home);

describe("who cannot get there by URL is told once what is wrong, where, and what helps", () => {
  const cases: readonly (readonly [words: string, sentence: string])[] = [
    [
      "--url ws://127.0.0.1:1",
      "cannot connect to ws://127.0.0.1:1: nothing listens there; start the server there, or look for a slip in the address",
    ],
    [
      "--url ws://no.such.host.invalid:1",
      "cannot connect to ws://no.such.host.invalid:1: its name is not known; look for a slip in its name, or use its address",
    ],
    [
      "--url unix://HOME/no.sock",
      "cannot connect to unix://HOME/no.sock: there is no such socket; start the server there, or look for a slip in the path",
    ],
    [
      "--url GUARDED",
      "cannot connect to GUARDED: the server refused: HTTP status 401: missing websocket bearer token; give the right token with --token-file or CODEX_ENV_TOKEN",
    ],
    [
      "--url GUARDED --token-file other",
      "cannot connect to GUARDED: the server refused: HTTP status 401: invalid websocket bearer token; give the right token with --token-file or CODEX_ENV_TOKEN",
    ],
    [
      "--url wss://PAGE",
      "cannot connect to wss://PAGE: it does not speak TLS; write ws:// if it is meant to go without",
    ],
    [
      "--url ws://PAGE",
      "cannot connect to ws://PAGE: the server refused: HTTP status 404: a page; something else listens there: look at the port and the path",
    ],
  ];
  test.each(cases)("%s", async (words, sentence) => {
    const { code, stdout, stderr } = await run(["exec", ...real(words).split(" "), "--", "true"]);
    expect({ code, stdout }).toEqual({ code: ExitCode.notConnected, stdout: "" });
    expect(stderr).toBe(`codex-env exec: ${real(sentence)}\n`);
  });
});

describe("what is typed wrongly is bad usage, and what was meant is named", () => {
  const cases: readonly (readonly [words: string, sentence: string])[] = [
    ["127.0.0.1:8765", "did you mean ws://127.0.0.1:8765?"],
    ["https://box.example:8765/", "did you mean wss://box.example:8765?"],
    ["unix://relative.sock", "a Unix socket is written unix:///absolute/path.sock"],
    ["unix:///a%zz", "a % that stands for nothing"],
    ["/tmp/x.sock", "a Unix socket is written unix:///tmp/x.sock"],
    ["nowhere", 'unknown environment id "nowhere"; codex-env env list tells which there are'],
    ["ws://x --token-file HOME/none", "--token-file: HOME/none cannot be read: No such file or directory"],
    ["wss://x --ca-file HOME", "--ca-file: HOME cannot be read: Is a directory (os error 21)"],
  ];
  test.each(cases)("%s", async (words, sentence) => {
    configure("");
    const { code, stderr } = await run(["connect", ...real(words).split(" ")]);
    expect(code).toBe(ExitCode.usage);
    expect(stderr).toContain(real(sentence));
    expect(stderr).toEndWith("\nTry codex-env connect --help\n");
  });

  test("in CODEX_EXEC_SERVER_URL, by the name of the variable", async () => {
    rmSync(join(home, "environments.toml"), { force: true });
    const { code, stderr } = await run(["exec", "--", "true"], { CODEX_EXEC_SERVER_URL: "http://x:1" });
    expect(code).toBe(ExitCode.usage);
    expect(stderr).toStartWith("codex-env exec: CODEX_EXEC_SERVER_URL: the URL of an exec-server is ws://");
  });
});

describe("an environment that cannot be had", () => {
  const entry = (program: string, ...args: readonly string[]) =>
    `[[environments]]\nid = "box"\nprogram = "${program}"\nargs = ${JSON.stringify(args)}\n`;
  const complaint = "echo 'ssh: connect to host box port 22: Connection refused' >&2; exit 255";

  test("has its program's complaint told once, and what helps against it", async () => {
    configure(entry("sh", "-c", complaint));
    expect(await run(["exec", "-e", "box", "--", "true"])).toEqual({
      code: ExitCode.notConnected,
      stdout: "",
      stderr:
        "codex-env exec: box says: ssh: connect to host box port 22: Connection refused\n" +
        "codex-env exec: environment `box` is not available: sh ended with exit code 255; start the server there, or look for a slip in the address\n",
    });
  });

  test.each([
    ["no-such-program", [], "cannot start no-such-program: No such file or directory (os error 2); install"],
    ["false", [], "false ended with exit code 1; run it by hand and see what it says"],
    [
      "sh",
      ["-c", "echo 'Permission denied (publickey).' >&2; exit 255"],
      "sh ended with exit code 255; ssh needs a key that works without a question",
    ],
    [
      "sh",
      ["-c", "echo 'Error: can only create exec sessions on running containers' >&2; exit 255"],
      "sh ended with exit code 255; start the container, or look for a slip in its name",
    ],
    [
      "sh",
      ["-c", "echo 'Host key verification failed.' >&2; exit 255"],
      "sh ended with exit code 255; connect once with ssh yourself to accept its host key",
    ],
  ])("because of its program %s %j says so", async (program, args, sentence) => {
    configure(entry(program, ...args));
    const { code, stderr } = await run(["exec", "-e", "box", "--", "true"]);
    expect(code).toBe(ExitCode.notConnected);
    expect(stderr).toContain(`environment \`box\` is not available: ${sentence}`);
  });

  test("because the directory of its program is missing says that, and not that the program is", async () => {
    configure(`${entry("sh")}cwd = "/no/such"\n`);
    const { stderr } = await run(["exec", "-e", "box", "--", "true"]);
    expect(stderr).toContain(
      "cannot start sh in /no/such: No such file or directory (os error 2); its directory",
    );
  });

  test("because the file is wrong is a matter of the file, whichever was named", async () => {
    configure('[[environments]]\nid = "box"\nprogam = "x"\n');
    const { code, stderr } = await run(["exec", "-e", "box", "--", "true"]);
    expect(code).toBe(ExitCode.notConnected);
    expect(stderr).toStartWith(
      `codex-env exec: failed to parse environment config \`${home}/environments.toml\`: unknown field \`progam\``,
    );
    expect(stderr).toEndWith("(line 3, column 1 of environments.toml; did you mean `program`?)\n");
  });
});
