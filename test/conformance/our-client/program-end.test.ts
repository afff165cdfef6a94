import { beforeAll, expect, test } from "bun:test";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EnvironmentManager } from "../../../core/environment/environment-manager.ts";
import { reachState } from "../../../core/environment/environment-state.ts";
import { define, managerOptions, snapshotOf } from "../../core/environment/definitions.ts";
import { isAlive } from "../../support/process-state.ts";
import { installReference } from "../install-reference.ts";
import { byProgram } from "./both-servers.ts";
import { exited } from "./client-step.ts";
import { finish, Running, script } from "./running.ts";

beforeAll(installReference, 120_000);

test.each(["the published server", "our server"] as const)(
  "our client tells what was lost with the program of %s, and starts it again at the next use",
  async (name) => {
    const home = realpathSync(mkdtempSync(join(tmpdir(), "codex-env-program-end-")));
    const pids: number[] = [];
    const heard = (_: string, { text }: { readonly text: string }) => {
      const pid = /^pid (\d+)$/.exec(text)?.[1];
      if (pid !== undefined) pids.push(Number(pid));
    };
    const snapshot = snapshotOf([define("box", byProgram(name, home))]);
    const manager = new EnvironmentManager(snapshot, { ...managerOptions, heard });
    try {
      const { default: box } = manager;
      const running = await Running.start(box, script("echo up; sleep 299", home));
      await running.says("up\n");
      process.kill(pids[0] ?? 0, "SIGKILL");
      expect(await running.outcome()).toEqual({
        output: { stdout: "up\n" },
        ending: [expect.stringMatching(/^lost: \/bin\/sh ended with exit code 137/)],
      });
      await reachState(box, ["lost"]);
      expect(await finish(box, script("echo again", home))).toEqual({
        output: { stdout: "again\n" },
        ending: exited(0),
      });
      expect(pids).toHaveLength(2);
    } finally {
      await manager.close();
      rmSync(home, { recursive: true, force: true });
    }
    expect(pids.filter(isAlive)).toEqual([]);
  },
);
