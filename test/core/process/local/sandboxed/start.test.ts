import { afterAll, describe, expect, test } from "bun:test";
import { closeSync, existsSync, mkdirSync, openSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGuardedSpawner } from "../../../../../core/process/local/guarded-spawner.ts";
import { SpawnError, type SpawnPlan } from "../../../../../core/process/spawned-process.ts";
import { SandboxRefusal } from "../../../../../core/sandbox/sandbox-refusal.ts";
import { pipedStdin, plan, readAll, run, script } from "../running.ts";
import { hasBubblewrap, SandboxedWorkspace } from "./fixtures/sandboxed-workspace.ts";

const spawner = createGuardedSpawner();
const workspace = new SandboxedWorkspace();
afterAll(async () => {
  await spawner[Symbol.asyncDispose]();
  workspace[Symbol.dispose]();
});

const sandboxed = (text: string, rest?: Partial<SpawnPlan>) => run(spawner, workspace.script(text, rest));

async function failure(command: SpawnPlan): Promise<unknown> {
  return await run(spawner, command).catch((error: unknown) => error);
}

describe.skipIf(!hasBubblewrap)("a sandboxed command", () => {
  test.each([0, 1, 7, 126, 127, 255])("that exits with %i is told so", async (code) => {
    expect((await sandboxed(`exit ${code}`)).status).toEqual({ kind: "exited", code });
  });

  test.each([
    ["KILL", 137],
    ["TERM", 143],
    ["SEGV", 139],
  ])("that dies of SIG%s is told so", async (name, code) => {
    expect((await sandboxed(`kill -${name} $$`)).status).toEqual({ kind: "exited", code });
  });

  test("writes where it may, and nowhere else", async () => {
    const { out, err } = await sandboxed("echo in > here; cat here; echo out > ../there; echo x > .git/x");
    expect(out).toBe("in\n");
    expect(err.match(/Read-only file system/g)).toHaveLength(2);
    expect(existsSync(join(workspace.base, "there"))).toBe(false);
  });

  test("is alone with its namespace's first process, without privileges", async () => {
    const { out } = await sandboxed(
      "cd /proc; echo $$ [0-9]*; grep -E 'Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp:|Sig(Blk|Ign)' self/status",
    );
    const [pids, ...lines] = out.trim().split("\n");
    expect(pids).toBe("2 1 2");
    const values = Object.fromEntries(lines.map((line) => line.split(":\t")).filter(([, value]) => value));
    const none = "0".repeat(16);
    expect(values).toEqual({
      SigBlk: none,
      SigIgn: none,
      CapInh: none,
      CapPrm: none,
      CapEff: none,
      CapBnd: none,
      CapAmb: none,
      NoNewPrivs: "1",
      Seccomp: "2",
    });
  });

  test("sees its own descriptors and no others", async () => {
    expect((await sandboxed("ls /proc/self/fd")).out).toBe("0\n1\n2\n3\n");
  });

  test("reads its stdin to the end", async () => {
    const child = await spawner.spawn(workspace.script("cat; echo end", { stdio: pipedStdin }));
    await child.input?.write(Buffer.from("one two "));
    child.input?.end();
    expect(await readAll(child)).toBe("one two end\n");
    await child.treeGone;
  });

  test("sees arg0 in place of its name", async () => {
    const command = plan(["/bin/sh", "-c", "tr '\\0' ' ' < /proc/$$/cmdline"], {
      arg0: "other",
      sandbox: workspace.sandbox(),
    });
    expect((await run(spawner, command)).out).toStartWith("other -c");
  });

  test("finds what it inherits at 3 and after, and runs the program of a descriptor", async () => {
    writeFileSync(join(workspace.base, "secret"), "handed on");
    const secret = openSync(join(workspace.base, "secret"), "r");
    const echo = openSync("/bin/cat", "r");
    const command = plan(["any-name", "/proc/self/fd/4"], {
      sandbox: workspace.sandbox(),
      inherited: [echo, secret],
      executable: echo,
    });
    expect((await run(spawner, command)).out).toBe("handed on");
    const free = plan(["any-name", "/proc/self/fd/4"], { inherited: [echo, secret], executable: echo });
    expect((await run(spawner, free)).out).toBe("handed on");
    closeSync(secret);
    closeSync(echo);
  });

  test("that is missing is refused as without a sandbox", async () => {
    const sandbox = workspace.sandbox();
    expect(await failure(plan(["no-such-program"], { sandbox }))).toMatchObject({
      message: "No such file or directory (os error 2)",
      errno: 2,
      stage: "exec",
    });
    writeFileSync(join(workspace.path, "plain"), "text", { mode: 0o644 });
    expect(await failure(plan([join(workspace.path, "plain")], { sandbox }))).toMatchObject({ errno: 13 });
  });

  test("is looked up on its own PATH inside the sandbox", async () => {
    mkdirSync(join(workspace.path, "bin"));
    writeFileSync(join(workspace.path, "bin/hello"), "#!/bin/sh\necho hello", { mode: 0o755 });
    const env = [["PATH", `/nowhere:${join(workspace.path, "bin")}`]] as const;
    expect((await run(spawner, plan(["hello"], { env, sandbox: workspace.sandbox() }))).out).toBe("hello\n");
    const denied = workspace.sandbox(
      workspace.policy([{ target: { kind: "path", path: join(workspace.path, "bin") }, access: "deny" }]),
    );
    expect(await failure(plan(["hello"], { env, sandbox: denied }))).toMatchObject({
      errno: 13,
      stage: "exec",
    });
  });

  test("whose directory is missing or not to be seen is refused by name of the stage", async () => {
    expect(await failure(workspace.script("true", { cwd: "/no/where" }))).toMatchObject({
      errno: 2,
      stage: "cwd",
    });
    const hidden = join(workspace.path, "hidden");
    mkdirSync(hidden);
    const sandbox = workspace.sandbox(
      workspace.policy([{ target: { kind: "path", path: hidden }, access: "deny" }]),
    );
    const error = await failure(script("true", { cwd: hidden, sandbox }));
    expect(error).toBeInstanceOf(SpawnError);
    expect(error).toMatchObject({ errno: 13, stage: "cwd" });
  });

  test("has exactly the environment of its request", async () => {
    const env = [
      ["Z", "1"],
      ["LD_LIBRARY_PATH", "/nowhere"],
      ["A=B", "odd"],
    ] as const;
    const { out } = await run(spawner, plan(["/usr/bin/env"], { env, sandbox: workspace.sandbox() }));
    expect(out).toBe("Z=1\nLD_LIBRARY_PATH=/nowhere\nA=B=odd\n");
  });
});

describe.skipIf(!hasBubblewrap)("the launcher of a sandbox", () => {
  test("never sees the environment of the request: a library to preload is not loaded outside", async () => {
    const compiler = Bun.which("cc") ?? Bun.which("gcc");
    if (compiler === null) return console.log("skipped: no C compiler for a library to preload");
    const [library, mark] = [join(workspace.base, "preload.so"), join(workspace.base, "loaded")];
    const source = `#include <fcntl.h>\n__attribute__((constructor)) static void f(void) { creat("${mark}", 0600); }`;
    const made = Bun.spawnSync([compiler, "-shared", "-fPIC", "-x", "c", "-", "-o", library], {
      stdin: Buffer.from(source),
    });
    expect(made.exitCode).toBe(0);
    const env = [
      ["PATH", "/usr/bin:/bin"],
      ["LD_PRELOAD", library],
    ] as const;
    await run(spawner, plan(["true"], { env }));
    expect(existsSync(mark)).toBe(true);
    Bun.spawnSync(["rm", mark]);
    expect((await run(spawner, plan(["true"], { env, sandbox: workspace.sandbox() }))).status).toMatchObject({
      code: 0,
    });
    expect(existsSync(mark)).toBe(false);
  });

  test("tells in the refusal why it failed, and nothing was run", async () => {
    const sandbox = workspace.sandbox();
    const rules = [
      ...sandbox.plan.rules,
      { path: "/no/where", access: "deny", stands: "directory", why: "entry" } as const,
    ];
    const mark = join(workspace.path, "ran");
    const error = await failure(
      script(`echo > ${mark}`, { sandbox: { ...sandbox, plan: { ...sandbox.plan, rules } } }),
    );
    expect(error).toBeInstanceOf(SandboxRefusal);
    expect(String(error)).toContain("cannot be mounted: /no/where: No such file or directory");
    expect(existsSync(mark)).toBe(false);
    expect(workspace.names()).not.toContain(".git");
  });

  test("is not asked where a protected name is a link that the process could replace", async () => {
    using other = new SandboxedWorkspace();
    symlinkSync("/etc", join(other.path, ".git"));
    const error = await failure(other.script("echo > ran"));
    expect(error).toBeInstanceOf(SandboxRefusal);
    expect(String(error)).toContain(`${other.path}/.git is a symbolic link`);
    expect(other.names()).toEqual([".git"]);
  });
});

describe("a command that the filter alone holds", () => {
  const sandbox = () => ({ ...workspace.landlocked(), mechanism: { kind: "seccomp" } as const });

  test("runs under the filter and has its own exit code", async () => {
    const { out, status } = await run(
      spawner,
      script("grep Seccomp: /proc/self/status; exit 9", { sandbox: sandbox() }),
    );
    expect(status).toEqual({ kind: "exited", code: 9 });
    expect(out).toBe("Seccomp:\t2\n");
  });

  test("that is missing is refused as without a sandbox", async () => {
    expect(await failure(plan(["no-such-program"], { sandbox: sandbox() }))).toMatchObject({
      errno: 2,
      stage: "exec",
    });
  });
});

describe("a command that Landlock holds", () => {
  test("reads and does not write, keeps no capability, and its exit is told", async () => {
    const text = "head -c 4 /etc/passwd; echo x > ran; grep CapEff /proc/self/status; exit 5";
    const result = await run(spawner, workspace.script(text, { sandbox: workspace.landlocked() })).catch(
      String,
    );
    if (typeof result === "string") return console.log(`skipped: ${result}`);
    expect(result.status).toEqual({ kind: "exited", code: 5 });
    expect(result.out).toContain("root");
    expect(result.out).toContain("CapEff:\t0000000000000000");
    expect(result.err).toContain("Permission denied");
    expect(existsSync(join(workspace.path, "ran"))).toBe(false);
  });
});

test("a mechanism that is none refuses, and says why", async () => {
  const { plan: sandboxPlan } = workspace.landlocked();
  const error = await failure(
    script("echo", { sandbox: { plan: sandboxPlan, mechanism: { kind: "none", reason: "no namespaces" } } }),
  );
  expect(error).toBeInstanceOf(SandboxRefusal);
  expect(String(error)).toContain("no namespaces");
});
