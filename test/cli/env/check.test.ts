import { describe, expect, test } from "bun:test";
import { ourCli } from "../../support/our-cli.ts";
import { ourServerCommand } from "../../support/our-program.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";
import { startTestServer } from "../../support/test-server.ts";
import { envFixture } from "./env-fixture.ts";

const fixture = envFixture();
const stdio = [...ourServerCommand(), "--listen", "stdio"];

function entry(id: string, members: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(members).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return `[[environments]]\nid = "${id}"\n${lines.join("\n")}\n`;
}

describe("codex-env env check", () => {
  test("tells of each how it is: those that are well, and what is wrong with the others", async () => {
    await using server = await startTestServer();
    const [program, ...args] = stdio;
    fixture.write(
      "environments.toml",
      `default = "dead"\n${[
        entry("web", { url: server.url }),
        entry("stdio", { program, args }),
        entry("dead", { url: "ws://u:sesame@127.0.0.1:1" }),
        entry("missing", { program: "sh", args: ["-c", "echo sh: codex-env: not found >&2; exit 127"] }),
        entry("silent", { program: "sleep", args: ["60"], initialize_timeout_sec: 0.3 }),
        entry("echo", { program: "cat" }),
      ].join("")}`,
    );
    const { code, stdout } = await fixture.run(["check", "--json"]);
    expect(code).toBe(1);
    expect(stdout).not.toContain("sesame");
    const checked = new Map<string, Record<string, unknown>>(
      JSON.parse(stdout).map((one: { readonly id: string }) => [one.id, one]),
    );
    expect([...checked.keys()]).toEqual(["dead", "local", "web", "stdio", "missing", "silent", "echo"]);
    for (const id of ["local", "web", "stdio"]) {
      expect(checked.get(id)).toMatchObject({
        well: true,
        connectMs: expect.any(Number),
        latencyMs: expect.any(Number),
        codexEnvVersion: expect.stringMatching(/^\d/),
        protocolVersion: "0.169.0",
        shell: expect.stringMatching(/^\//),
        platform: "linux",
        sandboxMechanism: expect.any(String),
        cwd: expect.stringMatching(/^\//),
      });
    }
    expect(checked.get("dead")).toMatchObject({
      default: true,
      well: false,
      cure: expect.stringContaining("start the server there"),
    });
    expect(checked.get("missing")).toMatchObject({
      problem: expect.stringContaining("exit code 127: sh: codex-env: not found"),
      cure: "codex-env is not there: put it there with codex-env env update missing",
    });
    expect(checked.get("silent")).toMatchObject({
      problem: expect.stringContaining("no answer within 0.3 s"),
    });
    expect(checked.get("echo")).toMatchObject({
      problem: "the other side is no exec-server: it sends back what it is sent",
      cure: expect.stringContaining("such as codex-env serve --listen stdio"),
    });
  });

  test("of one alone prints a table for people and exits with 0 when it is well", async () => {
    const [program, ...args] = stdio;
    fixture.write(
      "environments.toml",
      entry("stdio", { program, args }) + entry("dead", { url: "ws://127.0.0.1:1" }),
    );
    const well = await fixture.run(["check", "stdio"]);
    expect([well.code, well.stderr]).toEqual([0, ""]);
    expect(well.stdout).toMatch(
      /NAME +CONNECT +LATENCY +VERSION +PLATFORM +SHELL +SANDBOX\n +stdio +.*codex-env \d/,
    );
    const ill = await fixture.run(["check", "dead"]);
    expect(ill.code).toBe(1);
    expect(ill.stdout).toContain("dead: cannot connect to ws://127.0.0.1:1: nothing listens there\n");
    const unknown = await fixture.run(["check", "ded"]);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("did you mean dead?")]);
  });

  test("says at a terminal whom it waits for, when that takes its time", async () => {
    fixture.write(
      "environments.toml",
      entry("dead", { url: "ws://127.0.0.1:1" }) +
        ["mute", "dumb"].map((id) => entry(id, { program: "sleep", args: ["60"] })).join(""),
    );
    const env = { CODEX_HOME: fixture.home, HOME: fixture.home };
    await using check = new TerminalProgram(ourCli(["env", "check"]), { cwd: fixture.home, env });
    await check.see("codex-env env: still waiting for mute, dumb; Ctrl-C gives up");
    check.type("\x03");
    expect(await check.exitCode()).toBe(130);
  });
});
