import { afterAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGuardedSpawner } from "../../../../core/process/local/guarded-spawner.ts";
import { SpawnError, type SpawnPlan } from "../../../../core/process/spawned-process.ts";
import { pipes, plan, pty, run, script } from "./running.ts";

const spawner = createGuardedSpawner();
const folder = mkdtempSync(join(tmpdir(), "start-"));
afterAll(async () => {
  await spawner[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function program(name: string, text: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

async function refusal(command: SpawnPlan): Promise<SpawnError> {
  const error: unknown = await run(spawner, command).catch((thrown: unknown) => thrown);
  if (!(error instanceof SpawnError)) throw new Error(`it started: ${JSON.stringify(error)}`);
  return error;
}

describe("an exit", () => {
  test.each([0, 1, 7, 255])("with code %i is told as it is", async (code) => {
    const { status } = await run(spawner, script(`exit ${code}`));
    expect(status).toEqual({ kind: "exited", code });
  });

  test.each([
    ["pipes", pipes],
    ["a PTY", pty],
  ] as const)("by signal 9 on %s is told as 137", async (_name, stdio) => {
    const { status } = await run(spawner, script("kill -9 $$", { stdio }));
    expect(status).toEqual({ kind: "exited", code: 137 });
  });
});

describe("a program", () => {
  test("sees arg0 in place of its name, an empty one too", async () => {
    const named = await run(
      spawner,
      plan(["/bin/sh", "-c", "echo $0; tr '\\0' ' ' < /proc/$$/cmdline"], { arg0: "other" }),
    );
    expect(named.out).toContain("other -c");
    const unnamed = await run(spawner, plan(["/bin/cat", "/proc/self/cmdline"], { arg0: "" }));
    expect(unnamed.out).toBe("\0/proc/self/cmdline\0");
  });

  test("that is missing is refused with ENOENT", async () => {
    expect(await refusal(plan(["no-such-program"]))).toMatchObject({
      message: "No such file or directory (os error 2)",
      errno: 2,
      stage: "exec",
    });
  });

  test("that may not be run is refused with EACCES", async () => {
    const message = "Permission denied (os error 13)";
    expect((await refusal(plan([program("plain", "text", 0o644)]))).message).toBe(message);
    expect((await refusal(plan([folder]))).message).toBe(message);
  });

  test("without a format is refused with ENOEXEC and not given to sh", async () => {
    expect((await refusal(plan([program("formless", "echo hi")]))).message).toBe(
      "Exec format error (os error 8)",
    );
  });

  test("with too long arguments is refused with E2BIG", async () => {
    expect((await refusal(plan(["/bin/true", "x".repeat(140_000)]))).message).toBe(
      "Argument list too long (os error 7)",
    );
  });

  test("takes a megabyte of arguments", async () => {
    const many = Array.from({ length: 10 }, () => "y".repeat(100_000));
    const { out } = await run(spawner, plan(["/bin/sh", "-c", "echo $#", "sh", ...many]));
    expect(out).toBe("10\n");
  });

  test("whose name or arguments hold a NUL is refused", async () => {
    expect((await refusal(plan(["/bin/echo", "a\0b"]))).message).toBe("nul byte found in provided data");
    expect((await refusal(plan(["true"], { env: [["A", "\0"]] }))).message).toBe(
      "data provided contains a nul byte",
    );
    expect((await refusal(plan([""]))).message).toBe("No such file or directory (os error 2)");
  });
});

describe("the search for a program", () => {
  test("goes by the PATH of the request", async () => {
    program("hello", "#!/bin/sh\necho hello");
    expect((await run(spawner, plan(["hello"], { env: [["PATH", `/nowhere:${folder}`]] }))).out).toBe(
      "hello\n",
    );
    expect((await refusal(plan(["hello"]))).errno).toBe(2);
  });

  test("takes musl's default where the request has no PATH", async () => {
    expect((await run(spawner, plan(["sh", "-c", "echo found"], { env: [] }))).out).toBe("found\n");
  });

  test("takes relative entries and an empty one from the working directory", async () => {
    mkdirSync(join(folder, "sub"), { recursive: true });
    program("sub/inner", "#!/bin/sh\necho inner");
    expect((await run(spawner, plan(["inner"], { cwd: folder, env: [["PATH", "sub"]] }))).out).toBe(
      "inner\n",
    );
    expect((await run(spawner, plan(["inner"], { cwd: join(folder, "sub"), env: [["PATH", ""]] }))).out).toBe(
      "inner\n",
    );
    expect((await run(spawner, plan(["./inner"], { cwd: join(folder, "sub") }))).out).toBe("inner\n");
  });

  test("goes on after a file that may not be run, and remembers it", async () => {
    mkdirSync(join(folder, "denied"), { recursive: true });
    program("denied/tool", "text", 0o644);
    expect((await refusal(plan(["tool"], { env: [["PATH", join(folder, "denied")]] }))).errno).toBe(13);
    program("tool", "#!/bin/sh\necho tool");
    const { out } = await run(
      spawner,
      plan(["tool"], { env: [["PATH", `${join(folder, "denied")}:${folder}`]] }),
    );
    expect(out).toBe("tool\n");
  });
});

describe("the working directory", () => {
  test("may have a name that is not UTF-8", async () => {
    const name = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe])]);
    mkdirSync(name);
    expect((await run(spawner, plan(["pwd"], { cwd: name }))).status).toEqual({ kind: "exited", code: 0 });
  });

  test("that is missing or a file is refused by name of the stage", async () => {
    expect(await refusal(plan(["true"], { cwd: "/no/where" }))).toMatchObject({ errno: 2, stage: "cwd" });
    const file = program("file", "");
    expect(await refusal(plan(["true"], { cwd: file }))).toMatchObject({
      message: "Not a directory (os error 20)",
      stage: "cwd",
    });
  });
});

describe("the child's surroundings", () => {
  test("have exactly the environment of the request, in its order", async () => {
    const env = [
      ["Z", "1"],
      ["A", "ü"],
      ["", "empty"],
      ["A=B", "odd"],
      ["LAST", ""],
    ] as const;
    const { out } = await run(spawner, plan(["/usr/bin/env"], { env }));
    expect(out).toBe("Z=1\nA=ü\n=empty\nA=B=odd\nLAST=\n");
  });

  test("have no other descriptors, no blocked and no ignored signals", async () => {
    const { out } = await run(spawner, script("ls /proc/self/fd; grep -E 'Sig(Blk|Ign)' /proc/self/status"));
    expect(out).toBe("0\n1\n2\n3\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
  });

  test("make the child leader of its own session and group", async () => {
    const { out } = await run(spawner, plan(["/bin/sh", "-c", "ps -o pid=,pgid=,sid=,tty= -p $$"]));
    const [pid, group, session, terminal] = out.trim().split(/\s+/);
    expect([group, session, terminal]).toEqual([pid, pid, "?"]);
  });

  test("let it open /dev/stdout and /dev/stderr again", async () => {
    const { out, err } = await run(spawner, script("echo out > /dev/stdout; echo err > /dev/stderr"));
    expect([out, err]).toEqual(["out\n", "err\n"]);
  });
});
