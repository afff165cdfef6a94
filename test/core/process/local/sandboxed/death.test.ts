import { describe, expect, test } from "bun:test";
import { closeSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createGuardedSpawner } from "../../../../../core/process/local/guarded-spawner.ts";
import { holdPlaceholder } from "../../../../../core/sandbox/launch/placeholder.ts";
import { privateDirectory } from "../../../../../core/sandbox/launch/private-directory.ts";
import { sweepLeftPlaceholders } from "../../../../../core/sandbox/launch/sweep-left-placeholders.ts";
import { isAlive, killNow } from "../../../../support/process-state.ts";
import { processesWithEnvironment } from "../../../../support/process-tree.ts";
import { until } from "../../../../support/wait.ts";
import { childrenOf } from "../processes.ts";
import { discard, pipedStdin, readUntil } from "../running.ts";
import { hasBubblewrap, SandboxedWorkspace } from "./fixtures/sandboxed-workspace.ts";

let marks = 0;

/** A server of its own with one sandboxed shell, and who stands between the two. */
class Chain implements AsyncDisposable {
  readonly workspace = new SandboxedWorkspace();
  readonly mark = `sandboxed-death-${process.pid}-${marks++}.`;
  readonly server = Bun.spawn(
    [process.execPath, join(import.meta.dir, "fixtures/server.ts"), this.workspace.path],
    {
      env: { PATH: process.env["PATH"], HOME: this.workspace.base, MARK: this.mark },
      stdout: "pipe",
    },
  );
  readonly #reader = this.server.stdout.getReader();
  shim = 0;
  launcher = 0;
  stage = 0;

  async started(): Promise<this> {
    expect(await this.says()).toBe("ready\n");
    const [guardian = 0] = childrenOf(this.server.pid);
    [this.shim = 0] = childrenOf(guardian);
    [this.launcher = 0] = childrenOf(this.shim);
    [this.stage = 0] = childrenOf(this.launcher);
    expect(readFileSync(`/proc/${this.launcher}/comm`, "utf8")).toBe("bwrap\n");
    expect(this.workspace.names()).toEqual([".agents", ".aws", ".codex", ".git"]);
    expect(await until(() => this.living().length === 3, 2000)).toBe(true);
    return this;
  }

  async says(): Promise<string> {
    const { value } = await this.#reader.read();
    return Buffer.from(value ?? []).toString();
  }

  /** Processes of the command; the server has the mark itself. */
  living(): readonly number[] {
    return processesWithEnvironment(this.mark).filter((pid) => pid !== this.server.pid);
  }

  async isGone(): Promise<boolean> {
    const isClean = () => this.living().length === 0 && this.workspace.names().length === 0;
    return await until(isClean, 5000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.kill("SIGKILL");
    await this.server.exited;
    await this.isGone();
    this.workspace[Symbol.dispose]();
  }
}

describe.skipIf(!hasBubblewrap)("after SIGKILL of", () => {
  test("the server no process and no placeholder is left", async () => {
    await using chain = await new Chain().started();
    killNow(chain.server.pid);
    expect(await chain.isGone()).toBe(true);
  });

  test.each(["shim", "launcher", "stage"] as const)(
    "the %s nothing is left, and the exit is unknown",
    async (part) => {
      await using chain = await new Chain().started();
      killNow(chain[part]);
      expect(JSON.parse(await chain.says())).toMatchObject({ kind: "unknown" });
      expect(await chain.isGone()).toBe(true);
    },
  );

  test("all of them at once no process is left, and the next server removes the placeholders", async () => {
    await using chain = await new Chain().started();
    const [guardian = 0] = childrenOf(chain.server.pid);
    const all = [guardian, chain.shim, chain.server.pid, chain.launcher];
    for (const pid of all) killNow(pid);
    expect(await until(() => chain.living().length === 0 && !all.some(isAlive), 4000)).toBe(true);
    expect(chain.workspace.names()).toEqual([".agents", ".aws", ".codex", ".git"]);
    await sweepLeftPlaceholders();
    expect(chain.workspace.names()).toEqual([]);
  });
});

test.skipIf(!hasBubblewrap)(
  "a placeholder that another sandbox holds at the end is removed when that is killed with who would remove it",
  async () => {
    using workspace = new SandboxedWorkspace();
    await using spawner = createGuardedSpawner();
    const child = await spawner.spawn(workspace.script("echo ready; read end", { stdio: pipedStdin }));
    await readUntil(child, "ready");
    const path = join(workspace.path, ".git");
    const theirs = await holdPlaceholder({ path, kind: "directory" }, privateDirectory().placeholders);
    if (theirs === undefined) throw new Error("it is not held");
    await discard(child);
    expect(workspace.names()).toEqual([".git"]);
    closeSync(theirs.descriptor);
    expect(await until(() => workspace.names().length === 0, 3000)).toBe(true);
  },
);
