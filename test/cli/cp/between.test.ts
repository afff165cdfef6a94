import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSide } from "../../../cli/cp/side.ts";
import { ExitCode } from "../../../cli/exit-codes.ts";
import { runCli } from "../../support/our-cli.ts";
import { ourServerCommand } from "../../support/our-program.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "codex-env-between-"));
  mkdirSync(join(home, "a"));
  mkdirSync(join(home, "b"));
  configure(entry("a"), entry("b"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const server = [...ourServerCommand(), "--listen", "stdio", "--log-level", "error"];

function entry(id: string, [program, ...args]: readonly string[] = server): string {
  const cwd = join(home, id);
  return `[[environments]]\nid = "${id}"\nprogram = ${JSON.stringify(program)}\nargs = ${JSON.stringify(args)}\ncwd = ${JSON.stringify(cwd)}\n`;
}

/** A real server, to which the shell's path comes as one that is not there. */
function withoutShell(id: string): string {
  return entry(id, ["sh", "-c", `sed -u 's,"/bin/sh","/no/sh",' | "$@"`, "sh", ...server]);
}

function configure(...entries: readonly string[]): void {
  const dead = '[[environments]]\nid = "dead"\nurl = "ws://127.0.0.1:1"\n';
  writeFileSync(join(home, "environments.toml"), `default = "a"\n${entries.join("")}${dead}`);
}

function beside(text: string): void {
  writeFileSync(join(home, "codex-env.toml"), text);
}

const cp = (...words: string[]) => runCli(["cp", ...words], { cwd: home, env: { CODEX_HOME: home } });
const read = (path: string) => readFileSync(join(home, path));

test.each([
  ["file", { kind: "here", path: "file" }],
  ["./a:b", { kind: "here", path: "./a:b" }],
  ["/x:y", { kind: "here", path: "/x:y" }],
  ["a b:c", { kind: "here", path: "a b:c" }],
  ["env:x", { kind: "there", environment: undefined, path: "x" }],
  ["dev-box:/x:y", { kind: "there", environment: "dev-box", path: "/x:y" }],
  ["box:", { kind: "there", environment: "box", path: "" }],
])("%j is %j", (word, side) => {
  expect(parseSide(word)).toEqual(side as ReturnType<typeof parseSide>);
});

describe("a copy", () => {
  test("goes to the environment that its path names, and comes from there", async () => {
    writeFileSync(join(home, "here"), "content");
    expect(await cp("here", "b:there")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(read("b/there").toString()).toBe("content");
    expect((await cp("b:there", "back")).code).toBe(0);
    expect(read("back").toString()).toBe("content");
  });

  describe.each([
    ["where no command may run", () => beside("[environments.b]\nexec_enabled = false\n")],
    ["to a server without a shell", () => configure(entry("a"), withoutShell("b"))],
  ])("%s", (_, setUp) => {
    test("writes the file in its place, from here and from another environment", async () => {
      setUp();
      const bytes = new Uint8Array(30_001).map((_byte, index) => (index * 31) & 255);
      mkdirSync(join(home, "a/tree"));
      // Executable: what cannot go in one message.
      writeFileSync(join(home, "a/tree/file"), bytes, { mode: 0o755 });
      writeFileSync(join(home, "b/target"), "old");
      symlinkSync("target", join(home, "b/link"));
      expect(await cp("a/tree/file", "b:link")).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(readlinkSync(join(home, "b/link"))).toBe("target");
      expect(read("b/target").equals(bytes)).toBe(true);
      expect(await cp("a:tree/file", "b:relayed")).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(read("b/relayed").equals(bytes)).toBe(true);
      expect(await cp("-r", "a:tree", "b:")).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(read("b/tree/file").equals(bytes)).toBe(true);
      expect(readdirSync(join(home, "b")).sort()).toEqual(["link", "relayed", "target", "tree"]);
      expect(readdirSync(join(home, "b/tree"))).toEqual(["file"]);
    });
  });

  test("between two environments passes through here whole, whatever its size", async () => {
    for (const size of [0, 1, 1_048_576, 5_000_001]) {
      const bytes = new Uint8Array(size).map((_, index) => (index * 31) & 255);
      writeFileSync(join(home, "a/file"), bytes);
      expect(await cp("env:file", "b:")).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(read("b/file").equals(bytes)).toBe(true);
      expect(readdirSync(join(home, "b"))).toEqual(["file"]);
    }
  });

  test("of a directory takes all that is in it, and names what it cannot take", async () => {
    mkdirSync(join(home, "a/tree/sub"), { recursive: true });
    writeFileSync(join(home, "a/tree/sub/x"), "x");
    writeFileSync(join(home, "a/tree/y"), "y");
    symlinkSync("sub", join(home, "a/tree/loop"));
    const { code, stderr } = await cp("-r", "a:tree", "b:copied");
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/a:.*tree\/loop to b:.*copied\/loop: it is a link to a directory/),
    ]);
    expect(read("b/copied/sub/x").toString() + read("b/copied/y").toString()).toBe("xy");
    expect((await cp("a:tree", "b:other")).stderr).toContain("is a directory; -r copies directories");
  });

  test("within one environment is made there", async () => {
    writeFileSync(join(home, "b/one"), "1");
    expect((await cp("b:one", "b:two")).code).toBe(0);
    expect(read("b/two").toString()).toBe("1");
  });

  test("whose source is not there, or one end of which is dead, leaves nothing", async () => {
    expect(await cp("a:absent", "b:x")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ a:.*absent to b:.*x: No such file or directory/),
    });
    writeFileSync(join(home, "a/x"), "x");
    expect(await cp("a:x", "dead:x")).toMatchObject({
      code: ExitCode.notConnected,
      stderr: expect.stringContaining("environment `dead` is not available"),
    });
    expect(readdirSync(join(home, "b"))).toEqual([]);
  });

  test("to an environment that nobody knows is bad usage", async () => {
    expect(await cp("x", "bb:y")).toMatchObject({
      code: ExitCode.usage,
      stderr: expect.stringContaining('unknown environment id "bb", did you mean b?'),
    });
    expect((await cp("x", "y")).code).toBe(ExitCode.usage);
  });
});
