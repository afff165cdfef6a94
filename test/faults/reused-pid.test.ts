import { expect, test } from "bun:test";
import { ourServerCommand } from "../support/our-program.ts";
import { isAlive } from "../support/process-state.ts";
import { treeOf } from "../support/process-tree.ts";
import { startTestServer } from "../support/test-server.ts";
import { sleep } from "../support/wait.ts";
import { WireClient } from "../support/wire-client.ts";
import { shell } from "./child.ts";
import { startAndRead } from "./open-process.ts";

/** A process namespace of its own lets the next pid be chosen, so that a reuse is no matter of luck. */
const unshare = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];
const canChoosePids =
  Bun.spawnSync([...unshare, "sh", "-c", "echo 100 > /proc/sys/kernel/ns_last_pid"]).exitCode === 0;

/**
 * Starts processes in `session` until one has the pid wanted, and ends the others. A server may keep a process ready
 * for the next command and put one between itself and a command, and threads take numbers too: several are started,
 * from several places below.
 */
async function startWithPid(session: WireClient, wanted: number): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const choose = `echo ${wanted - 1 - (attempt % 4)} > /proc/sys/kernel/ns_last_pid`;
    await startAndRead(session, `choose ${attempt}`, shell(`${choose}; echo done`));
    let found: string | undefined;
    for (const name of ["a", "b", "c"].map((letter) => `stranger ${attempt}${letter}`)) {
      const [pid] = await startAndRead(session, name, shell("echo $$; exec sleep 100"));
      if (Number(pid) === wanted) found = name;
      else await session.call("process/terminate", { processId: name });
    }
    if (found !== undefined) return found;
  }
  throw new Error(`no process got pid ${wanted}`);
}

if (!canChoosePids)
  console.warn("skipped: to choose the next pid takes root and a kernel built with checkpoints");
test.skipIf(!canChoosePids)(
  "signals and terminate for a process that is gone never reach a stranger with its pid",
  async () => {
    await using server = await startTestServer({
      command: [...unshare, ...ourServerCommand()],
      flags: ["--session-ttl", "1"],
    });
    const [owner, neighbour] = [await WireClient.open(server.url), await WireClient.open(server.url)];
    const [pid = ""] = await startAndRead(owner, "gone", shell("echo $$; exit 0"));
    await owner.waitProcessClosed("gone");
    const stranger = await startWithPid(neighbour, Number(pid));
    for (const signal of ["interrupt", "SIGKILL", "SIGTERM"]) {
      await owner.call("process/signal", { processId: "gone", signal });
    }
    await owner.call("process/terminate", { processId: "gone" });
    owner.vanish();
    // Longer than the session lives: its end must not reach the stranger either.
    await sleep(2500);
    expect(neighbour.eventsOf(stranger).filter((event) => event.method === "process/exited")).toEqual([]);
    expect(treeOf(server.pid).some((each) => isAlive(each))).toBe(true);
    neighbour.vanish();
    // unshare hears no other signal, and takes the whole namespace with it.
    server.signal("SIGKILL");
  },
  60_000,
);
