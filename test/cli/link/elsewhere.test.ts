import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../../support/our-cli.ts";
import { ourServerCommand } from "../../support/our-program.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

/** There in the server's mount namespace, and nowhere on this machine. */
const only = "/mnt/only-there";
const unshare = ["unshare", "--map-root-user", "--mount", "--"];
const canUnshare = Bun.spawnSync([...unshare, "mount", "-t", "tmpfs", "none", "/mnt"]).exitCode === 0;
if (!canUnshare) console.warn("not run: this machine lets us make no mount namespace");

describe.skipIf(!canUnshare)("a directory that is there and not here", () => {
  let home: string;
  let server: TestServer;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "codex-env-elsewhere-"));
    const mount = `mount -t tmpfs none /mnt && mkdir -p ${only}/sub && exec "$@"`;
    server = await startTestServer({ command: [...unshare, "sh", "-c", mount, "sh", ...ourServerCommand()] });
    writeFileSync(join(home, "environments.toml"), `[[environments]]\nid = "box"\nurl = "${server.url}"\n`);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(home, { recursive: true, force: true });
  });
  const run = (words: readonly string[], stdin?: string) =>
    runCli(words, { cwd: home, env: { CODEX_HOME: home }, ...(stdin === undefined ? {} : { stdin }) });

  test("is where a command runs that is asked for there", async () => {
    expect(existsSync(only)).toBe(false);
    expect(await run(["exec", "-e", "box", "--cwd", only, "--", "pwd"])).toMatchObject({
      code: 0,
      stdout: `${only}\n`,
    });
  });

  test("is where lines of the REPL run, by cd and by .cd", async () => {
    const script = `cd ${only}\npwd\n.cd sub\npwd\n@local pwd\n`;
    expect((await run(["connect", "box"], script)).stdout).toBe(`${only}\n${only}/sub\n${home}\n`);
  });

  test("is copied into and out of", async () => {
    writeFileSync(join(home, "file"), "content");
    expect((await run(["cp", "file", `box:${only}`])).code).toBe(0);
    expect((await run(["cp", `box:${only}/file`, "back"])).code).toBe(0);
    expect(readFileSync(join(home, "back"), "utf8")).toBe("content");
  });
});
