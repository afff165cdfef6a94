import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { builtBinary } from "../support/built-binary.ts";

let place = "";
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "codex-env-main-"));
});
afterAll(() => rm(place, { recursive: true }));

interface RunOptions {
  readonly argv0?: string;
  readonly program?: string;
  readonly env?: Readonly<Record<string, string>>;
}

async function run(words: readonly string[], options: RunOptions = {}) {
  const running = Bun.spawn([options.program ?? builtBinary, ...words], {
    ...(options.argv0 === undefined ? {} : { argv0: options.argv0 }),
    cwd: place,
    env: { PATH: "/usr/bin:/bin", HOME: place, ...options.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([running.stdout.text(), running.stderr.text()]);
  return { exitCode: await running.exited, stdout, stderr };
}

describe("the name that it is called by", () => {
  test("codex-env is the command line", async () => {
    expect(await run(["--version"])).toEqual({ exitCode: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });

  test.each([
    ["codex-fs", 1, "fs sandbox helper failed"],
    ["codex-linux-sandbox", 121, "codex-linux-sandbox: `--version` is not known"],
  ])("as %s, by argv0 or by a symlink, it is that program", async (name, code, words) => {
    const link = join(place, name);
    await symlink(builtBinary, link);
    for (const options of [{ argv0: name }, { argv0: `/opt/${name}` }, { program: link }]) {
      const { exitCode, stdout, stderr } = await run(["--version"], options);
      expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: "" });
      expect(stderr).toContain(words);
    }
  });
});

describe("help", () => {
  test.each([[["--help"]], [["-h"]], [["help"]]])("%p names every command on stdout", async (words) => {
    const { exitCode, stdout, stderr } = await run(words);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    for (const name of ["serve", "connect", "exec", "cp", "doctor", "sandbox", "fs"])
      expect(stdout).toContain(`\n  ${name} `);
  });

  test.each(["serve", "connect", "exec", "cp", "doctor", "sandbox"])(
    "of %s is there by --help, -h and `help`",
    async (name) => {
      const [long, short, word] = await Promise.all([
        run([name, "--help"]),
        run([name, "-h"]),
        run(["help", name]),
      ]);
      expect({ exitCode: long.exitCode, stderr: long.stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(long.stdout).toContain(`Usage: codex-env ${name}`);
      expect(long.stdout).not.toContain("\u001b");
      expect(short).toEqual(long);
      expect(word).toEqual(long);
    },
  );
});

describe("bad usage", () => {
  test.each([
    [[], 2, "Usage: codex-env COMMAND"],
    [["sreve"], 2, "unknown command sreve, did you mean serve?"],
    [["--verison"], 2, "unknown flag --verison, did you mean --version?"],
    [["serve", "--lisen", "x"], 2, "unknown flag --lisen, did you mean --listen?"],
    [["serve", "--listen"], 2, "--listen needs a value"],
    [["exec", "--tokn-file", "x", "--", "true"], 121, "did you mean --token-file?"],
    [["\u001b[2J"], 2, "unknown command \\e[2J"],
  ])("%p is refused with its name, on stderr", async (words, exitCode, message) => {
    const outcome = await run(words);
    expect({ exitCode: outcome.exitCode, stdout: outcome.stdout }).toEqual({ exitCode, stdout: "" });
    expect(outcome.stderr).toContain(message);
  });
});

describe("what would turn the program into another", () => {
  const evil = "console.log('EVIL'); process.exit(99)";

  test("a .env and a bunfig.toml in the working directory are not read", async () => {
    await Bun.write(join(place, ".env"), "BUN_OPTIONS=--preload=./evil.js\nHTTP_PROXY=http://127.0.0.1:1\n");
    await Bun.write(join(place, "bunfig.toml"), 'preload = ["./evil.js"]\n');
    await Bun.write(join(place, "evil.js"), evil);
    expect(await run(["--version"])).toEqual({ exitCode: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });
});
