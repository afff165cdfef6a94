import { beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { installReference } from "../../conformance/install-reference.ts";
import { ourCli, runCli } from "../../support/our-cli.ts";
import { StockStdioClient } from "../../support/stock-stdio-client.ts";
import { startTestServer } from "../../support/test-server.ts";
import { envFixture } from "./env-fixture.ts";
import { isTakenByCodex } from "./taken-by-codex.ts";

const fixture = envFixture();

beforeAll(installReference, 120_000);

function entry(): Readonly<Record<string, unknown>> {
  const { environments } = parse(fixture.read("environments.toml") ?? "");
  return Object(Array.isArray(environments) ? environments[0] : undefined);
}

describe("an environment at a Unix socket", () => {
  test("is gone to straight by us, and through codex-env dial by Codex, which knows no such URLs", async () => {
    const token = join(fixture.home, "token");
    writeFileSync(token, "0123456789abcdef0123456789abcdef", { mode: 0o600 });
    await using server = await startTestServer({
      listen: `unix://${fixture.home}/socket`,
      flags: ["--ws-auth", "capability-token", "--ws-token-file", token],
    });
    const added = await fixture.run(["add", "here", "--url", server.url, "--token-file", token]);
    expect(added).toMatchObject({ code: 0, stdout: `here  ${server.url}\n` });
    expect(added.stderr).toBe(
      "codex-env env: other clients know no unix:// URLs: they go through codex-env dial here\n",
    );
    expect(entry()).toEqual({ id: "here", program: expect.any(String), args: ["dial", "here"] });
    expect(await isTakenByCodex(fixture.home)).toBe(true);

    const words = ["exec", "-e", "here", "sh", "-c", "echo $PPID; exit 3"];
    const ran = await runCli(words, { env: { CODEX_HOME: fixture.home } });
    expect(ran).toMatchObject({ code: 3, stderr: "" });
    expect((await fixture.run(["check", "here"])).code).toBe(0);

    for (const words of [["here"], [server.url, "--token-file", token]]) {
      await using client = new StockStdioClient(ourCli(["dial", ...words]), { CODEX_HOME: fixture.home });
      await client.initialize();
      const seen = await client.start("one", "echo through; exit 4");
      await client.when(() => seen.closed);
      expect(seen).toMatchObject({ output: { stdout: "through\n" }, exitCode: 4 });
      expect(client.fault).toBeUndefined();
    }
  }, 60_000);

  test("is taken away with all that is said of it", async () => {
    await fixture.run(["add", "here", "--url", "unix:///no/such/socket"]);
    expect(fixture.read("codex-env.toml")).toContain(
      '[environments.here.dial]\nurl = "unix:///no/such/socket"',
    );
    expect((await fixture.run(["remove", "here"])).code).toBe(0);
    expect([fixture.read("environments.toml"), fixture.read("codex-env.toml")]).toEqual(["", ""]);
  });

  test.each([
    [["unix://relative"], "a Unix socket is written unix:///absolute/path.sock"],
    [["unix:"], "a Unix socket is written unix:///absolute/path.sock"],
    [["unix:///%"], "a Unix socket is written unix:///absolute/path.sock"],
    [["unix:///s", "--ca-file", "/x"], "--ca-file is for ws:// and wss://"],
    [["unix:///s", "--connect-timeout", "3"], "--connect-timeout is for ws:// and wss://"],
    [["unix:///s", "--store-token"], "--store-token is for ws:// and wss://"],
  ])("%j is bad usage and writes nothing", async (words, reason) => {
    const { code, stderr } = await fixture.run(["add", "here", "--url", ...words]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(reason)]);
    expect(fixture.read("environments.toml")).toBeUndefined();
  });
});
