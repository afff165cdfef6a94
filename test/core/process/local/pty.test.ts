import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { createGuardedSpawner } from "../../../../core/process/local/guarded-spawner.ts";
import { until } from "../../../support/wait.ts";
import { discard, plan, pty, readAll, readUntil, script } from "./running.ts";

const spawner = createGuardedSpawner();
afterAll(() => spawner[Symbol.asyncDispose]());

/** The name of the program that leads the foreground of a process's terminal. */
function foregroundProgram(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const group = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[5];
    return readFileSync(`/proc/${group}/comm`, "utf8").trim();
  } catch {
    return undefined;
  }
}

describe("a PTY", () => {
  test("has the planned size from the start and is the controlling terminal", async () => {
    const stdio = { kind: "pty", rows: 31, columns: 101 } as const;
    const child = await spawner.spawn(
      script("stty size; tty; echo open > /dev/tty; ps -o tpgid= -p $$", { stdio }),
    );
    const [size, name, open, group] = (await readAll(child)).trim().split("\r\n");
    expect(size).toBe("31 101");
    expect(name).toStartWith("/dev/pts/");
    expect(open).toBe("open");
    expect(Number(group)).toBe(child.pid);
    await discard(child);
  });

  test("has the kernel's default line discipline", async () => {
    const child = await spawner.spawn(script("stty -a", { stdio: pty }));
    const settings = await readAll(child);
    for (const word of ["isig icanon iexten echo echoe echok", "icrnl ixon", "opost", "onlcr", "-iutf8"]) {
      expect(settings).toContain(word);
    }
    await discard(child);
  });

  test("tells a resize by SIGWINCH, and a size of 65535", async () => {
    const child = await spawner.spawn(
      script("trap 'stty size' WINCH; echo ready; while :; do read line && echo $line; done", { stdio: pty }),
    );
    await readUntil(child, "ready");
    child.resize?.({ rows: 50, columns: 132 });
    await child.input?.write(Buffer.from("\n"));
    await readUntil(child, "50 132");
    child.resize?.({ rows: 65535, columns: 1 });
    await child.input?.write(Buffer.from("\n"));
    await readUntil(child, "65535 1");
    await discard(child);
  });

  test("turns ^C into SIGINT and ^\\ into SIGQUIT for the foreground", async () => {
    for (const [key, code] of [
      ["\x03", 130],
      ["\x1c", 131],
    ] as const) {
      const child = await spawner.spawn(script("ulimit -c 0; echo ready; exec sleep 100", { stdio: pty }));
      await readUntil(child, "ready");
      await child.input?.write(Buffer.from(key));
      expect(await child.exited).toEqual({ kind: "exited", code });
      await discard(child);
    }
  });

  test("gives an interactive shell job control", async () => {
    const child = await spawner.spawn(plan(["bash", "--norc", "--noprofile", "-i"], { stdio: pty }));
    await child.input?.write(Buffer.from("sleep 100\n"));
    await readUntil(child, "sleep 100\r\n");
    expect(await until(() => foregroundProgram(child.pid) === "sleep", 4000)).toBe(true);
    await child.input?.write(Buffer.from("\x1a"));
    await readUntil(child, "Stopped");
    await child.input?.write(Buffer.from("kill %1; fg\nexit 3\n"));
    const rest = readAll(child);
    expect(await child.exited).toEqual({ kind: "exited", code: 3 });
    await rest;
    await discard(child);
  });

  test("can be resized after its end without effect", async () => {
    const child = await spawner.spawn(script("exit 0", { stdio: pty }));
    await readAll(child);
    child.resize?.({ rows: 1, columns: 1 });
    await discard(child);
  });
});
