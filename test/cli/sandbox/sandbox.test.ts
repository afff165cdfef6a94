import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateDirectory } from "../../../core/sandbox/launch/private-directory.ts";
import { ourCli } from "../../support/our-cli.ts";
import { TerminalProgram } from "../../support/terminal-program.ts";
import { disabled, filterOnly, readOnly, workspaceWrite } from "./profiles.ts";

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "codex-env-test-"));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

interface Start {
  readonly profile: string;
  readonly command: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function start({ profile, command, stdin, env }: Start): Bun.Subprocess<"ignore" | Blob, "pipe", "pipe"> {
  const words = ["--sandbox-policy-cwd", place, "--command-cwd", place, "--permission-profile", profile];
  return Bun.spawn(ourCli(["sandbox", ...words, "--", ...command]), {
    cwd: "/",
    env: { PATH: "/usr/bin:/bin", HOME: process.env["HOME"] ?? "/", ...env },
    stdin: stdin === undefined ? "ignore" : new Blob([stdin]),
    stdout: "pipe",
    stderr: "pipe",
  });
}

async function run(given: Start): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = start(given);
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, stdout, stderr };
}

const sh = (script: string): readonly string[] => ["/bin/sh", "-c", script];

describe.each([
  ["a sandbox", readOnly],
  ["the filter alone", filterOnly],
  ["nothing", disabled],
])("a command held by %s", (_, profile) => {
  test("has our stdin, stdout and stderr, its directory, and the exit code is its own", async () => {
    const command = sh("cat; pwd; echo complaint >&2; exit 42");
    expect(await run({ profile, command, stdin: "typed\n" })).toEqual({
      code: 42,
      stdout: `typed\n${place}\n`,
      stderr: "complaint\n",
    });
  });

  test("has our environment, and the signals of a new program", async () => {
    const command = sh('echo "$GREETING $BUN_OPTIONS"; grep -E "Sig(Ign|Blk)" /proc/self/status');
    const env = { GREETING: "hi", BUN_OPTIONS: "" };
    expect((await run({ profile, command, env })).stdout).toBe(
      "hi \nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n",
    );
  });

  test("gets the signals that we get", async () => {
    const child = start({
      profile,
      command: sh('trap "echo caught; exit 5" TERM; echo ready; while :; do sleep 0.02; done'),
    });
    const reader = child.stdout.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("ready\n");
    child.kill("SIGTERM");
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("caught\n");
    expect(await child.exited).toBe(5);
  });

  test("at a terminal is interrupted by Ctrl-C, which leaves the end to it", async () => {
    const words = ["sandbox", "--permission-profile", profile, "--sandbox-policy-cwd", place, "--"];
    const script = sh('trap "echo interrupted; exit 6" INT; echo ready; while :; do sleep 0.02; done');
    await using program = new TerminalProgram(ourCli([...words, ...script]));
    await program.see("ready");
    program.type("\u0003");
    await program.see("interrupted");
    expect(await program.exitCode()).toBe(6);
  });

  test("finds no descriptor of ours but the first three", async () => {
    using secret = {
      file: openSync("/etc/hostname", "r"),
      [Symbol.dispose]() {
        closeSync(this.file);
      },
    };
    const words = ["sandbox", "--permission-profile", profile, "--", "/bin/ls", "/proc/self/fd"];
    const child = Bun.spawn(ourCli(words), { stdio: ["ignore", "pipe", "inherit", secret.file] });
    // The last is that of the directory which ls reads.
    expect(await child.stdout.text()).toBe("0\n1\n2\n3\n");
  });

  test("that cannot be run ends with 124 and a sentence that names it", async () => {
    const { code, stdout, stderr } = await run({ profile, command: ["/no-such-directory/program"] });
    expect({ code, stdout }).toEqual({ code: 124, stdout: "" });
    expect(stderr).toMatch(
      /^codex-env sandbox: \/no-such-directory\/program:? .*cannot be run.*No such file or directory.*\n$/,
    );
  });
});

test("a workspace may be written, what is beside it and its .git may not, and nothing stays behind in it", async () => {
  const outside = join(tmpdir(), `codex-env-test-outside-${process.pid}`);
  const command = sh(`echo mine > made; echo x > ${outside}; mkdir .git/hooks; ls -A`);
  const { code, stdout, stderr } = await run({ profile: workspaceWrite, command });
  expect({ code, stdout }).toEqual({ code: 0, stdout: ".agents\n.aws\n.codex\n.git\nmade\n" });
  expect(stderr.match(/Read-only file system/g)?.length).toBe(2);
  expect(readdirSync(place)).toEqual(["made"]);
});

test("a mode stands for Codex's own profile of that name, with this directory as its workspace", async () => {
  const ours = mkdtempSync("/var/tmp/codex-env-test-");
  try {
    const tries = ["read-only", "workspace-write"].map(async (mode) => {
      const words = [
        "sandbox",
        "--mode",
        mode,
        "--",
        ...sh("echo x > here && echo y > /var/tmp/codex-env-test-beside"),
      ];
      const child = Bun.spawn(ourCli(words), { cwd: ours, stdout: "ignore", stderr: "pipe" });
      return (await child.stderr.text()).match(/cannot create (\S+): Read-only/)?.[1];
    });
    expect(await Promise.all(tries)).toEqual(["here", "/var/tmp/codex-env-test-beside"]);
    expect(readdirSync(ours)).toEqual(["here"]);
  } finally {
    rmSync(ours, { recursive: true, force: true });
  }
});

test("killing the launcher ends the command, and nothing of it stays behind", async () => {
  const child = start({ profile: workspaceWrite, command: sh("echo $$; exec sleep 60") });
  await child.stdout.getReader().read();
  const below = childrenOf(child.pid);
  expect(below.length).toBeGreaterThan(2);
  expect(readdirSync(place)).toContain(".git");
  child.kill("SIGKILL");
  await child.exited;
  while (below.some(isRunning) || readdirSync(place).includes(".git")) await Bun.sleep(2);
});

test("a command that is killed ends with 128 and its signal", async () => {
  expect((await run({ profile: readOnly, command: sh("kill -KILL $$") })).code).toBe(137);
});

test("Ctrl-Z under a shell with job control stops the command and then us; going on goes on with both", async () => {
  const script = sh("echo ready; read -r line; echo got $line");
  const words = ourCli(["sandbox", "--mode", "read-only", "--", ...script]);
  const shell = ["/bin/sh", "-c", 'set -m; "$@"; echo back in the shell; fg >/dev/null', "sh"];
  await using program = new TerminalProgram([...shell, ...words]);
  await program.see("ready");
  program.type("\u001a");
  await program.see("back in the shell");
  program.type("words\n");
  await program.see("got words");
  expect(await program.exitCode()).toBe(0);
});

test("Ctrl-Z where no shell could make us go on stops neither the command nor us", async () => {
  const script = sh('trap "echo went on" CONT; echo ready; read -r line; read -r line; echo got $line');
  await using program = new TerminalProgram(ourCli(["sandbox", "--mode", "read-only", "--", ...script]));
  await program.see("ready");
  program.type("\u001a");
  await program.see("went on");
  program.type("words\nwords\n");
  await program.see("got words");
  expect(await program.exitCode()).toBe(0);
});

test("what was remembered of bubblewrap is given up once it fails, and the command runs all the same", () => {
  const memory = join(privateDirectory().path, "bubblewrap.json");
  const command = `${ourCli(["sandbox", "--mode", "read-only", "--", "/bin/echo"]).join(" ")}`;
  const script = `${command} first && echo 0 >/proc/sys/user/max_user_namespaces && ${command} second; test -e ${memory} || echo forgotten`;
  const home = mkdtempSync(join(tmpdir(), "codex-env-test-"));
  try {
    const run = Bun.spawnSync(["unshare", "-Ur", "sh", "-c", script], {
      env: { PATH: process.env["PATH"], HOME: home },
    });
    expect(run.stdout.toString()).toBe("first\nsecond\nforgotten\n");
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("what a command leaves running ends with it", async () => {
  const started = performance.now();
  const { code, stdout } = await run({ profile: readOnly, command: sh("sleep 60 & echo left; exit 3") });
  expect({ code, stdout }).toEqual({ code: 3, stdout: "left\n" });
  expect(performance.now() - started).toBeLessThan(30_000);
});

test("the environment can come by a descriptor: then nothing of it has touched the launcher", async () => {
  const file = join(place, "environment");
  writeFileSync(file, "BUN_OPTIONS=--preload /nonexistent.ts\0LD_PRELOAD=/nonexistent.so\0GIVEN=yes\0");
  const words = [
    "--sandbox-policy-cwd",
    "/",
    "--permission-profile",
    readOnly,
    "--environment-fd",
    "3",
    "--",
  ];
  const child = Bun.spawn(ourCli(["sandbox", ...words, "/usr/bin/env"]), {
    env: { PATH: "/usr/bin:/bin", HOME: process.env["HOME"] ?? "/", OURS: "no" },
    stdio: ["ignore", "pipe", "pipe", Bun.file(file)],
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  expect(stdout).toBe("BUN_OPTIONS=--preload /nonexistent.ts\nLD_PRELOAD=/nonexistent.so\nGIVEN=yes\n");
  // The loader of the command itself complains; the launcher's own never saw the variable.
  expect(stderr.match(/nonexistent\.so/g)?.length).toBe(1);
});

const workspaceRead = JSON.stringify({
  type: "managed",
  network: "restricted",
  file_system: {
    type: "restricted",
    entries: [{ path: { type: "special", value: { kind: "project_roots" } }, access: "read" }],
  },
});

test.each([
  [[], "there is nothing to run; give a mode and a command: --mode read-only -- CMD [ARGS]"],
  [["--permission-profile", "{}", "--", "true"], "--permission-profile: missing field `type`"],
  [
    ["--permission-profile", workspaceRead, "--", "true"],
    "--sandbox-policy-cwd is missing, which the profile's entries are relative to",
  ],
  [["--permission-profile", disabled], "there is no -- with a command behind it"],
  [["--permission-profile", disabled, "--"], "there is no command behind --"],
  [["--", "true"], "--mode (read-only or workspace-write) or --permission-profile is missing"],
  [["--mode", "read-only", "true"], "`true` is not an option; the command stands behind --"],
  [
    ["--mode", "read-only", "--permission-profile", disabled, "--", "true"],
    "--mode and --permission-profile exclude each other: a mode is a profile by name",
  ],
  [
    ["--mode", "read-only", "--environment-fd", "x", "--", "true"],
    "--environment-fd takes the number of a descriptor",
  ],
  [
    ["--mode", "read-only", "--environment-fd", "99", "--", "true"],
    "--environment-fd: descriptor 99 cannot be read: EBADF: bad file descriptor, read",
  ],
  [["--mod", "read-only", "--", "true"], "`--mod` is not known, did you mean --mode?"],
  [["--what", "--", "true"], "`--what` is not known"],
  [["--mode", "nice", "--", "true"], '--mode takes read-only or workspace-write, not "nice"'],
  [["--mode", "read-only", "--mode=read-only", "--", "true"], "--mode is given twice"],
  [
    ["--mode", "workspace-write", "--sandbox-policy-cwd", "/no-such-directory", "--", "true"],
    "--sandbox-policy-cwd: the directory /no-such-directory does not exist",
  ],
])("bad usage %j exits 121, says %s and where help is", async (words, sentence) => {
  const child = Bun.spawn(ourCli(["sandbox", ...words]), { stdout: "pipe", stderr: "pipe" });
  expect(await child.stderr.text()).toBe(`codex-env sandbox: ${sentence}\nTry codex-env sandbox --help\n`);
  expect(await child.exited).toBe(121);
});

test("options may have their values behind an equals sign", async () => {
  const words = ["sandbox", "--mode=read-only", `--command-cwd=${place}`, "--", "/bin/pwd"];
  const child = Bun.spawn(ourCli(words), { stdout: "pipe" });
  expect(await child.stdout.text()).toBe(`${place}\n`);
});

test("a program that is missing, and a directory to work in, are named", async () => {
  const sentences = [
    [["no-such-program"], "no-such-program cannot be run"],
    [
      ["--command-cwd", "/no-such-directory", "--", "true"],
      "the directory /no-such-directory cannot be entered",
    ],
  ] as const;
  for (const [words, sentence] of sentences) {
    const behind = words[0].startsWith("--") ? words : ["--", ...words];
    const child = Bun.spawn(ourCli(["sandbox", "--mode", "read-only", ...behind]), { stderr: "pipe" });
    const stderr = await child.stderr.text();
    expect(stderr).toBe(`codex-env sandbox: ${sentence}: No such file or directory (os error 2)\n`);
    expect(await child.exited).toBe(124);
  }
});

test("a server that may listen nowhere says so and what to do", async () => {
  const words = [
    "sandbox",
    "--mode",
    "read-only",
    "--",
    ...ourCli(["serve", "--listen", "ws://127.0.0.1:0"]),
  ];
  const child = Bun.spawn(ourCli(words), { cwd: place, stdout: "pipe", stderr: "pipe" });
  const [stderr, code] = await Promise.all([child.stderr.text(), child.exited]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      "Error: Operation not permitted (os error 1)\nnothing may listen here, as in a sandbox; serve outside of it, or with --listen stdio\n",
  });
});

test("help is there under either name", async () => {
  const [program = "", ...words] = ourCli([]);
  for (const [argv0, given, name] of [
    [program, [...words, "sandbox"], "codex-env sandbox"],
    // Sources have no name to be called by other than Bun's.
    ...(words.length > 0 ? [] : [["codex-linux-sandbox", [], "codex-linux-sandbox"] as const]),
  ] as const) {
    const child = Bun.spawn([program, ...given, "--help"], { argv0, stdout: "pipe" });
    expect(await child.stdout.text()).toContain(`Usage: ${name} --mode MODE -- CMD [ARGS]\n`);
    expect(await child.exited).toBe(0);
  }
});

function childrenOf(pid: number): number[] {
  const direct = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  if (direct === "") return [];
  return direct.split(" ").flatMap((child) => [Number(child), ...childrenOf(Number(child))]);
}

function isRunning(pid: number): boolean {
  const state = stateOf(pid);
  return state !== undefined && state !== "Z";
}

function stateOf(pid: number): string | undefined {
  try {
    return /^State:\t(.)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  } catch {
    return undefined;
  }
}
