import { beforeAll, describe, expect, test } from "bun:test";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { installReference } from "../../conformance/install-reference.ts";
import { envFixture } from "./env-fixture.ts";
import { isTakenByCodex } from "./taken-by-codex.ts";

const fixture = envFixture();

const serve = ["serve", "--listen", "stdio", "--log-level", "error"];
const ssh = "-T -o BatchMode=yes -o ServerAliveInterval=5 -o ServerAliveCountMax=3".split(" ");

/** The entries of the file, as any client reads them. */
function entries(): unknown {
  return parse(fixture.read("environments.toml") ?? "")["environments"];
}

// The judge of every entry, where it is not there yet.
beforeAll(installReference, 120_000);

describe("codex-env env add", () => {
  test.each([
    [
      ["--ssh", "me@box"],
      {
        program: "ssh",
        args: [...ssh, "--", "me@box", `codex-env ${serve.join(" ")}`],
        initialize_timeout_sec: 30,
      },
      "ssh me@box",
    ],
    [
      [
        "--ssh",
        "box",
        "--jump",
        "a",
        "--jump",
        "b@c:2",
        "--port",
        "22",
        "--identity",
        "/k",
        "--server",
        "/opt/my env",
      ],
      {
        program: "ssh",
        args: [
          ...ssh,
          "-p",
          "22",
          "-i",
          "/k",
          "-J",
          "a,b@c:2",
          "--",
          "box",
          `'/opt/my env' ${serve.join(" ")}`,
        ],
        initialize_timeout_sec: 50,
      },
      "ssh box through a, b@c:2",
    ],
    [
      ["--docker", "web", "--user", "dev"],
      {
        program: "docker",
        args: ["exec", "-i", "--user", "dev", "web", "codex-env", ...serve],
        initialize_timeout_sec: 20,
      },
      "docker web",
    ],
    [
      ["--podman", "web", "--initialize-timeout", "2.5", "--env", "A=b=c"],
      {
        program: "podman",
        args: ["exec", "-i", "web", "codex-env", ...serve],
        env: { A: "b=c" },
        initialize_timeout_sec: 2.5,
      },
      "podman web",
    ],
    [
      ["--kubectl", "pod/web", "--namespace", "n", "--container", "c", "--context", "x"],
      {
        program: "kubectl",
        args: [
          "--context",
          "x",
          "exec",
          "-i",
          "--namespace",
          "n",
          "--container",
          "c",
          "pod/web",
          "--",
          "codex-env",
          ...serve,
        ],
        initialize_timeout_sec: 30,
      },
      "kubectl pod/web",
    ],
    [
      ["--program", "my-program", "--cwd", "/srv", "--", "-T", "--", "a b", ""],
      { program: "my-program", args: ["-T", "--", "a b", ""], cwd: "/srv" },
      "my-program",
    ],
    [
      ["--url", "ws://127.0.0.1:1/x", "--connect-timeout", "3"],
      { url: "ws://127.0.0.1:1/x", connect_timeout_sec: 3 },
      "ws://127.0.0.1:1/x",
    ],
  ])("%j writes an entry that Codex takes as well", async (words, written, where) => {
    const { code, stdout, stderr } = await fixture.run(["add", "box", "--no-install", ...words]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(`box  ${where}\n`);
    expect(entries()).toEqual([{ id: "box", ...written }]);
    expect((await fixture.run(["list"])).stdout).toContain(where);
    expect(await isTakenByCodex(fixture.home)).toBe(true);
  });

  test("keeps a token out of sight: in its file, or for Codex in one that only the user can read", async () => {
    const token = join(fixture.home, "token");
    writeFileSync(token, "sesame\n");
    const one = await fixture.run(["add", "one", "--url", "wss://far", "--token-file", token, "--json"]);
    const two = await fixture.run([
      "add",
      "two",
      "--url",
      "wss://far",
      "--token-file",
      token,
      "--store-token",
      "--json",
    ]);
    expect([one.code, two.code]).toEqual([0, 0]);
    expect(one.stdout + one.stderr + two.stdout + two.stderr).not.toContain("sesame");
    expect(JSON.parse(two.stdout)).toHaveProperty("token", "[redacted]");
    expect(entries()).toEqual([
      { id: "one", url: "wss://far" },
      { id: "two", url: "wss://far", auth_bearer_token: "sesame" },
    ]);
    expect(fixture.read("codex-env.toml")).toBe(`[environments.one]\ntoken_file = "${token}"\n`);
    expect(statSync(join(fixture.home, "environments.toml")).mode & 0o777).toBe(0o600);
    expect(await isTakenByCodex(fixture.home)).toBe(true);
  });

  test("makes it the default where asked, and says that the variable counts no more", async () => {
    const variables = { CODEX_EXEC_SERVER_URL: "ws://h" };
    const { stderr } = await fixture.run(
      ["add", "box", "--ssh", "box", "--no-install", "--default"],
      variables,
    );
    expect(stderr).toContain("CODEX_EXEC_SERVER_URL is set and counts for nothing now");
    expect((await fixture.run(["default"], variables)).stdout).toBe("box\n");
  });

  test.each([
    [["add"], "NAME is missing"],
    [["add", "box"], "say where it is, with one of --url, --ssh"],
    [["add", "box", "--ssh", "a", "--docker", "b"], "--ssh and --docker are two places"],
    [["add", "a b", "--ssh", "a"], "must contain only ASCII letters"],
    [["add", "local", "--ssh", "a"], "environment id `local` is reserved"],
    [["add", "box", "--ssh=-oProxyCommand=x"], "would be read as an option"],
    [["add", "box", "--ssh", "a", "--jump=-x"], "would be read as an option"],
    [["add", "box", "--docker=--privileged"], "would be read as an option"],
    [["add", "box", "--kubectl", "a b"], "has white space in it"],
    [["add", "box", "--url", "http://x"], "must use ws:// or wss://"],
    [["add", "box", "--url", "ws://u:sesame@x"], "use --token-file"],
    [["add", "box", "--url", "ws://x", "--jump", "y"], "--jump is for --ssh"],
    [["add", "box", "--ssh", "x", "--", "y"], "-- is for --program"],
    [["add", "box", "--ssh", "x", "--port", "70000"], "is no port"],
    [["add", "box", "--ssh", "x", "--initialize-timeout", "0"], "is no number of seconds above 0"],
    [
      ["add", "box", "--url", "wss://x", "--token-file", "/no/such"],
      "/no/such cannot be read: No such file or directory",
    ],
    [["add", "box", "--url", "wss://x", "--store-token"], "--store-token needs --token-file"],
  ])("%j is bad usage and writes nothing", async (words, reason) => {
    const { code, stdout, stderr } = await fixture.run(words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain("sesame");
    expect(fixture.read("environments.toml")).toBeUndefined();
  });

  test.each([
    ["wss://x/?region=eu&access_token=sesame", "access_token"],
    ["wss://x/?apiKey=sesame", "apiKey"],
  ])("warns of a secret in the URL %s", async (url, parameter) => {
    const { code, stderr } = await fixture.run(["add", "box", "--url", url]);
    expect(code).toBe(0);
    expect(stderr).toBe(
      `codex-env env: the URL of box holds what looks like a secret (${parameter}), and Codex shows URLs to its model: use --token-file where the server allows it\n`,
    );
  });

  test("says nothing of a query without a secret", async () => {
    const { code, stderr } = await fixture.run(["add", "box", "--url", "wss://x/?region=eu&monkey=1"]);
    expect([code, stderr]).toEqual([0, ""]);
  });

  test("refuses a token that would travel in clear text", async () => {
    writeFileSync(join(fixture.home, "token"), "sesame\n");
    const words = ["add", "box", "--url", "ws://far", "--token-file", join(fixture.home, "token")];
    const { code, stderr } = await fixture.run(words);
    expect(code).toBe(1);
    expect(stderr).toContain("require wss:// or a loopback destination");
    expect(fixture.read("environments.toml")).toBeUndefined();
  });
});

describe("codex-env env remove and default", () => {
  test("change what they are asked to and nothing else", async () => {
    await fixture.run(["add", "one", "--ssh", "one", "--no-install"]);
    await fixture.run(["add", "two", "--docker", "two", "--no-install"]);
    expect((await fixture.run(["default", "two", "--json"])).stdout).toBe('{\n  "default": "two"\n}\n');
    const refused = await fixture.run(["remove", "two"]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("`two` is the default")]);
    expect((await fixture.run(["remove", "one", "--json"])).stdout).toContain('"removed": "one"');
    expect((await fixture.run(["list"])).stdout).toBe("*  two    docker two\n   local  this machine\n");
    expect(fixture.read("codex-env.toml")).not.toContain("one");
    expect((await fixture.run(["default", "none"])).code).toBe(0);
    expect((await fixture.run(["default"])).stdout).toBe("none\n");
    expect(await isTakenByCodex(fixture.home)).toBe(true);
  });

  test.each([
    ['"gone"', "default environment `gone` is not configured"],
    ['""', "default environment id cannot be empty"],
  ])(
    "where the default is %s: one says what is wrong and how to mend it, the other does",
    async (written, problem) => {
      const text = `# Mine.\ndefault = ${written} # why\n[[environments]]\nid = "box"\nprogram = "true"\n`;
      fixture.write("environments.toml", text);
      for (const words of [["remove", "box"], ["list"], ["show", "box"], ["default"]]) {
        const refused = await fixture.run(words);
        expect(refused.code).toBe(1);
        expect(refused.stderr).toContain(problem);
        expect(refused.stderr).toContain("codex-env env default NAME chooses another");
      }
      const unknown = await fixture.run(["default", "bx"]);
      expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("did you mean box?")]);
      expect(fixture.read("environments.toml")).toBe(text);
      expect(await fixture.run(["default", "box"])).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(fixture.read("environments.toml")).toBe(text.replace(written, '"box"'));
    },
  );

  test("choosing a default mends nothing else that is wrong", async () => {
    const text = 'default = "gone"\n[[environments]]\nid = "box"\n';
    fixture.write("environments.toml", text);
    const { code, stderr } = await fixture.run(["default", "box"]);
    expect(code).not.toBe(0);
    expect(stderr).toContain("must set exactly one of url or program");
    expect(fixture.read("environments.toml")).toBe(text);
  });
});
