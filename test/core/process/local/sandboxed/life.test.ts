import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { createGuardedSpawner } from "../../../../../core/process/local/guarded-spawner.ts";
import type { SpawnedProcess } from "../../../../../core/process/spawned-process.ts";
import { isAlive } from "../../../../support/process-state.ts";
import { processesWithEnvironment } from "../../../../support/process-tree.ts";
import { until } from "../../../../support/wait.ts";
import { childrenOf, openDescriptors, parentOf } from "../processes.ts";
import { discard, pipedStdin, plan, pty, readAll, readUntil, run } from "../running.ts";
import { hasBubblewrap, SandboxedWorkspace } from "./fixtures/sandboxed-workspace.ts";

const spawner = createGuardedSpawner();
const workspace = new SandboxedWorkspace();
afterAll(async () => {
  await spawner[Symbol.asyncDispose]();
  workspace[Symbol.dispose]();
});
afterEach(() => expect(workspace.names()).toEqual([]));

let marks = 0;
/** A script whose processes can be told apart from the host's. */
async function marked(text: string, stdio = pipedStdin as typeof pty | typeof pipedStdin) {
  const mark = `sandboxed-${process.pid}-${marks++}.`;
  const env = [
    ["PATH", "/usr/bin:/bin"],
    ["MARK", mark],
    ["PS1", "$ "],
    ["TERM", "dumb"],
  ] as const;
  const child = await spawner.spawn(workspace.script(text, { env, stdio }));
  return { child, living: () => processesWithEnvironment(mark) };
}

async function ended(child: SpawnedProcess) {
  const status = await child.exited;
  await discard(child);
  return status;
}

describe.skipIf(!hasBubblewrap)("a signal to a sandboxed command", () => {
  test("reaches a trap, and the exit is the command's own", async () => {
    const { child } = await marked(
      "trap 'echo caught; exit 3' TERM; echo ready; while :; do read x || sleep 1; done",
    );
    await readUntil(child, "ready");
    child.signal(15);
    child.input?.end();
    await readUntil(child, "caught");
    expect(await ended(child)).toEqual({ kind: "exited", code: 3 });
  });

  test.each([
    [15, 143],
    [1, 129],
    [9, 137],
  ])("%i ends one without a trap, and its whole group", async (number, code) => {
    const { child, living } = await marked("sleep 1000 & echo ready; sleep 1000");
    await readUntil(child, "ready");
    child.signal(number);
    expect(await child.exited).toEqual({ kind: "exited", code });
    await child.treeGone;
    expect(living()).toEqual([]);
    await discard(child);
  });

  test("after its end reaches who is left of its group, and nobody else", async () => {
    const { child, living } = await marked("sleep 1000 & setsid sh -c 'echo ready; exec sleep 1000' &");
    await readUntil(child, "ready");
    expect(await child.exited).toEqual({ kind: "exited", code: 0 });
    expect(await until(() => living().length === 2, 2000)).toBe(true);
    child.signal(15);
    expect(await until(() => living().length === 1, 2000)).toBe(true);
    await discard(child);
    expect(living()).toEqual([]);
  });

  test("stops and continues it", async () => {
    const { child, living } = await marked("echo ready; while :; do read line; echo $line; done");
    await readUntil(child, "ready");
    child.signal(19);
    child.signal(18);
    await child.input?.write(Buffer.from("again\n"));
    await readUntil(child, "again");
    await discard(child);
    expect(living()).toEqual([]);
  });
});

describe.skipIf(!hasBubblewrap)("killing the tree of a sandboxed command", () => {
  const trees: readonly (readonly [string, string])[] = [
    ["a child of its own session", "setsid sleep 1000 & echo ready; wait"],
    ["a daemon that forked twice", "(setsid sh -c '(sleep 1000 & echo ready; sleep 1000) &' &); sleep 1000"],
    ["a child that ignores signals", "trap '' TERM HUP INT; echo ready; while :; do sleep 1; done"],
    [
      "a fork storm",
      "f() { sleep 0.01 & f & f; }; echo ready; for i in 1 2 3 4 5 6 7 8; do sleep 1000 & done; wait",
    ],
    ["a stopped child", "sleep 1000 & kill -STOP $!; echo ready; wait"],
  ];
  test.each(trees)("ends %s, and tells 137", async (_name, text) => {
    const { child, living } = await marked(text);
    await readUntil(child, "ready");
    child.killTree();
    expect(await child.exited).toEqual({ kind: "exited", code: 137 });
    await child.treeGone;
    expect(living()).toEqual([]);
    await discard(child);
  });

  test.each(["stage", "launcher", "shim"] as const)(
    "ends it although somebody stopped the %s",
    async (part) => {
      const { child, living } = await marked("echo ready; sleep 1000");
      await readUntil(child, "ready");
      const [stage = 0] = childrenOf(child.pid);
      const stopped = { stage, launcher: child.pid, shim: parentOf(child.pid) }[part];
      process.kill(stopped, "SIGSTOP");
      child.killTree();
      expect(await child.exited).toEqual({ kind: "exited", code: 137 });
      expect(await until(() => living().length === 0, 2000)).toBe(true);
      if (isAlive(stopped)) process.kill(stopped, "SIGCONT");
      await discard(child);
    },
  );

  test("ends what a command left running on purpose, whose own exit stays as it was", async () => {
    const { child, living } = await marked("setsid sleep 1000 > /dev/null 2>&1 & echo ready; exit 6");
    expect(await readAll(child)).toBe("ready\n");
    expect(await child.exited).toEqual({ kind: "exited", code: 6 });
    expect(await until(() => living().length === 1, 2000)).toBe(true);
    child.killTree();
    await child.treeGone;
    expect(living()).toEqual([]);
    await discard(child);
  });
});

describe.skipIf(!hasBubblewrap)("a sandboxed command on a terminal", () => {
  test("controls it: its size, its name, /dev/tty, ^C and its exit", async () => {
    const { child } = await marked(
      "stty size; echo open > /dev/tty; ps -o tpgid= -p $$; tty; echo $$ go; exec cat",
      pty,
    );
    const said = (await readUntil(child, "go")).split("\r\n").map((line) => line.trim());
    expect(said.slice(0, 5)).toEqual(["24 80", "open", "2", "/dev/console", "2 go"]);
    await child.input?.write(Buffer.from("\x03"));
    expect(await ended(child)).toEqual({ kind: "exited", code: 130 });
  });

  test("hears of a new size", async () => {
    const { child } = await marked("trap 'stty size' WINCH; echo ready; while :; do read x; done", pty);
    await readUntil(child, "ready");
    child.resize?.({ rows: 50, columns: 132 });
    await child.input?.write(Buffer.from("\n"));
    await readUntil(child, "50 132");
    await discard(child);
  });

  test("said everything before its exit is told", async () => {
    for (let round = 0; round < 10; round++) {
      const { child } = await marked("stty -opost; seq 1 500; exit 4", pty);
      const said = readAll(child);
      expect(await child.exited).toEqual({ kind: "exited", code: 4 });
      expect(await said).toEndWith("499\n500\n");
      await child.treeGone;
    }
  });

  test("has the job control of an interactive shell", async () => {
    if (Bun.which("bash") === null) return console.log("skipped: there is no bash");
    const { child } = await marked("exec bash --norc --noprofile -i", pty);
    await readUntil(child, "$ ");
    const type = (line: string) => child.input?.write(Buffer.from(line));
    await type("sleep 1000\r");
    await Bun.sleep(100);
    await type("\x1a");
    await readUntil(child, "Stopped");
    await type("bg\r");
    await readUntil(child, "sleep 1000 &");
    await type("kill %1; wait; echo do''ne\r");
    await readUntil(child, "done");
    await type("exit 9\r");
    expect(await ended(child)).toEqual({ kind: "exited", code: 9 });
  });
});

describe.skipIf(!hasBubblewrap)("the workspace of a sandboxed command", () => {
  test("is as the command left it once it is told to be tidy", async () => {
    for (let round = 0; round < 5; round++) {
      const child = await spawner.spawn(workspace.script("ls -A"));
      expect(await readAll(child)).toContain(".codex");
      await child.tidied;
      expect(workspace.names()).toEqual([]);
    }
  });

  test("is waited for briefly where something lives on, which keeps what it must not make", async () => {
    const { child, living } = await marked("setsid sleep 1000 >/dev/null 2>&1 & echo ready");
    await readUntil(child, "ready");
    await child.tidied;
    expect(living()).toHaveLength(1);
    expect(workspace.names()).toContain(".codex");
    await discard(child);
  });
});

test.skipIf(!hasBubblewrap)(
  "two hundred sandboxed starts leave no placeholder, process, mount or descriptor",
  async () => {
    await run(spawner, plan(["true"], { sandbox: workspace.sandbox() }));
    const before = openDescriptors();
    const mounts = await Bun.file("/proc/self/mountinfo").text();
    const many = async (times: number, once: () => Promise<unknown>) => {
      for (let done = 0; done < times; done += 10) await Promise.all(Array.from({ length: 10 }, once));
    };
    const sandbox = () => workspace.sandbox();
    await many(80, () => run(spawner, plan(["true"], { sandbox: sandbox() })));
    await many(30, () => run(spawner, plan(["true"], { sandbox: sandbox(), stdio: pty })));
    await many(30, () => run(spawner, plan(["no-such-program"], { sandbox: sandbox() })).catch(() => {}));
    await many(30, () =>
      run(spawner, plan(["true"], { sandbox: sandbox(), cwd: "/no/where" })).catch(() => {}),
    );
    await many(30, async () => discard(await spawner.spawn(workspace.script("exec sleep 1000"))));
    expect(workspace.names()).toEqual([]);
    expect(await until(() => openDescriptors() <= before, 5000)).toBe(true);
    expect(await Bun.file("/proc/self/mountinfo").text()).toBe(mounts);
  },
  60_000,
);
