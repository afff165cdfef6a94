import { describe, expect, test } from "bun:test";
import { envFixture } from "./env-fixture.ts";

const fixture = envFixture();

const full = `default = "far"
[[environments]]
id = "box"
program = "ssh"
args = ["me@box", "http://u:sesame@proxy"]
env = { TOKEN = "sesame" }
[[environments]]
id = "far"
url = "wss://u:sesame@far/?key=sesame"
auth_bearer_token = "sesame"
`;

describe("an environment that is not there", () => {
  test.each(["show", "remove", "default", "check", "update"])(
    "is bad usage of codex-env env %s, in the same words",
    async (name) => {
      fixture.write("environments.toml", full);
      const { code, stdout, stderr } = await fixture.run([name, "bax"]);
      const sentence = `codex-env env ${name}: unknown environment id "bax", did you mean box?\n`;
      expect([code, stdout, stderr]).toEqual([2, "", `${sentence}Try codex-env env ${name} --help\n`]);
    },
  );
});

describe("codex-env env list", () => {
  test("without configuration knows this machine alone", async () => {
    expect(await fixture.run(["list"])).toEqual({ code: 0, stdout: "*  local  this machine\n", stderr: "" });
  });

  test("lists the default first and no secret", async () => {
    fixture.write("environments.toml", full);
    const { stdout, code } = await fixture.run(["list"]);
    expect(code).toBe(0);
    expect(stdout).toBe(
      "*  far    wss://[redacted]@far/?[redacted]\n   local  this machine\n   box    ssh\n",
    );
  });

  test("as JSON says what is known and where from", async () => {
    fixture.write("environments.toml", full);
    const { stdout } = await fixture.run(["list", "--json"]);
    const listed = JSON.parse(stdout);
    expect(listed).toMatchObject({
      default: "far",
      source: `${fixture.home}/environments.toml`,
      environments: [{ id: "far", default: true }, { id: "local", kind: "local" }, { id: "box" }],
      warnings: [],
    });
    expect(stdout).not.toContain("sesame");
  });

  test("says that environments are disabled, and by what", async () => {
    const { code, stdout, stderr } = await fixture.run(["list"], { CODEX_EXEC_SERVER_URL: "none" });
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("environments are disabled by CODEX_EXEC_SERVER_URL");
  });

  test("warns of what codex-env.toml says of nobody", async () => {
    fixture.write("environments.toml", full);
    fixture.write("codex-env.toml", "[environments.bix]\n");
    const { stderr } = await fixture.run(["list"]);
    expect(stderr).toContain("speaks of `bix`, which environments.toml does not have, did you mean `box`?");
  });

  test("of a file that is wrong says where", async () => {
    fixture.write("environments.toml", "[[environments]]\nid = 'a'\nprogam = 'x'\n");
    const { code, stdout, stderr } = await fixture.run(["list"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("line 3, column 1 of environments.toml; did you mean `program`?");
  });

  test("refuses what would run elsewhere", async () => {
    const { code, stderr } = await fixture.run(["list"], { CODEX_EXEC_SERVER_NOISE_AUTH_TOKEN: "sesame" });
    expect(code).toBe(1);
    expect(stderr).toContain("CODEX_EXEC_SERVER_NOISE_AUTH_TOKEN is set");
    expect(stderr).not.toContain("sesame");
  });
});

describe("codex-env env show", () => {
  test.each([["box"], ["far"], ["local"]])("shows %s in full, and no secret", async (name) => {
    fixture.write("environments.toml", full);
    const text = await fixture.run(["show", name]);
    const json = await fixture.run(["show", name, "--json"]);
    expect([text.code, json.code]).toEqual([0, 0]);
    expect(JSON.parse(json.stdout)).toHaveProperty("id", name);
    expect(text.stdout + json.stdout).not.toContain("sesame");
    if (name !== "local") expect(text.stdout).toContain("[redacted]");
  });

  test("shows the default where none is named, and no stranger", async () => {
    fixture.write("environments.toml", full);
    expect((await fixture.run(["show"])).stdout).toContain("far");
    const { code, stderr } = await fixture.run(["show", "bx"]);
    expect(code).toBe(2);
    expect(stderr).toContain("did you mean box?");
  });
});

describe("codex-env env", () => {
  test("names its commands, and the one that was meant", async () => {
    const help = await fixture.run(["--help"]);
    expect(help.code).toBe(0);
    for (const name of ["list", "show", "add", "remove", "default", "check", "edit"]) {
      expect(help.stdout).toContain(`  ${name} `);
      expect((await fixture.run([name, "--help"])).stdout).toContain(`codex-env env ${name}`);
    }
    const slip = await fixture.run(["lst"]);
    expect([slip.code, slip.stderr]).toEqual([2, expect.stringContaining("did you mean list?")]);
    expect((await fixture.run([])).code).toBe(2);
  });
});
