import { describe, expect, jest, test } from "bun:test";
import { closeSync, writeSync } from "node:fs";
import { openPipe } from "../../../../../core/host/descriptors.ts";
import { limits } from "../../../../../core/limits.ts";
import { SandboxedCommand } from "../../../../../core/process/local/sandboxed-command.ts";
import { Order } from "../../../../../core/process/local/wire.ts";
import { Launch } from "../../../../../core/sandbox/launch/launch.ts";
import { SandboxRefusal } from "../../../../../core/sandbox/sandbox-refusal.ts";

/** The other ends of everything that a command in a sandbox hears and says: the test is the guardian and the stage. */
class OtherSide {
  readonly #status = openPipe();
  readonly #orders = openPipe();
  readonly #control = openPipe();
  readonly #complaints = openPipe();
  readonly command: SandboxedCommand;

  constructor(stage: "init" | "become" = "init") {
    const launch = new Launch(
      {
        executable: -1,
        argv: ["bwrap"],
        descriptors: [],
        stage,
        status: this.#status.readEnd,
        orders: this.#orders.writeEnd,
        placeholders: [],
      },
      new DisposableStack(),
    );
    const ends = { stdio: { childEnds: [], outputs: [] }, control: this.#control.writeEnd };
    this.command = new SandboxedCommand({ ...ends, complaints: this.#complaints.readEnd }, launch);
  }

  says(kind: number, a: number, b = 0): void {
    writeSync(this.#status.writeEnd, new Uint8Array(new Int32Array([kind, a, b]).buffer));
  }

  complains(words: string): void {
    writeSync(this.#complaints.writeEnd, words);
  }

  /** The stage and the launcher have ended. */
  ends(): void {
    closeSync(this.#status.writeEnd);
    closeSync(this.#complaints.writeEnd);
    closeSync(this.#orders.readEnd);
    closeSync(this.#control.readEnd);
  }
}

const [started, failed, exited] = [1, 2, 3];

describe("a command in a sandbox", () => {
  test("has started when guardian and stage have said so, in either order", async () => {
    for (const stageFirst of [true, false]) {
      const other = new OtherSide();
      if (stageFirst) other.says(started, 2);
      await Bun.sleep(1);
      other.command.started(77);
      if (!stageFirst) other.says(started, 2);
      expect((await other.command.process).pid).toBe(77);
      other.says(exited, 5);
      expect(await other.command.whenExited).toEqual({ kind: "exited", code: 5 });
      other.ends();
      other.command.treeGone();
      await other.command.whenTreeGone;
    }
  });

  test("whose stage ended without a word has an unknown end, whoever tells first of the tree", async () => {
    const other = new OtherSide();
    other.command.started(77);
    other.says(started, 2);
    await other.command.process;
    other.command.treeGone();
    other.ends();
    expect(await other.command.whenExited).toMatchObject({ kind: "unknown" });
    await other.command.whenTreeGone;
  });

  test("that was killed on order and could not tell has the end of a kill", async () => {
    const other = new OtherSide();
    other.command.started(77);
    other.says(started, 2);
    await other.command.process;
    other.command.order(Order.kill);
    other.ends();
    other.command.treeGone();
    expect(await other.command.whenExited).toEqual({ kind: "exited", code: 137 });
    await other.command.whenTreeGone;
  });

  test("keeps the end that it had when it is killed afterwards", async () => {
    const other = new OtherSide();
    other.command.started(77);
    other.says(started, 2);
    other.says(exited, 0);
    expect(await other.command.whenExited).toEqual({ kind: "exited", code: 0 });
    other.command.order(Order.kill);
    other.ends();
    other.command.treeGone();
    expect(await other.command.whenExited).toEqual({ kind: "exited", code: 0 });
  });

  test("whose launcher failed is refused with its words, and not before the tree is gone", async () => {
    const other = new OtherSide();
    other.command.started(77);
    other.complains("bwrap: No permissions to create new namespace\n");
    other.ends();
    let settled = false;
    const refusal = other.command.process.catch((error: unknown) => {
      settled = true;
      return error;
    });
    await Bun.sleep(5);
    expect(settled).toBe(false);
    other.command.treeGone();
    const error = await refusal;
    expect(error).toBeInstanceOf(SandboxRefusal);
    expect(String(error)).toContain(": No permissions to create new namespace");
  });

  test("that fails is refused in time even where its launcher hangs and cannot be killed", async () => {
    jest.useFakeTimers();
    const other = new OtherSide();
    try {
      other.command.started(77);
      jest.advanceTimersByTime(limits.sandboxStartMs + limits.treesEndDeadlineMs + 1);
    } finally {
      jest.useRealTimers();
    }
    const error = await other.command.process.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SandboxRefusal);
    expect(String(error)).toContain(`after ${limits.sandboxStartMs} ms`);
    other.ends();
    other.command.treeGone();
    await other.command.whenTreeGone;
  });

  test.each([
    [4, "the sandbox left capabilities"],
    [6, "the seccomp filter"],
  ])("whose stage refuses with %i was not sandboxed, and so was not started", async (stage, words) => {
    const other = new OtherSide();
    other.command.started(77);
    other.says(failed, 1, stage);
    other.ends();
    other.command.treeGone();
    const error = await other.command.process.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SandboxRefusal);
    expect(String(error)).toContain(words);
  });

  test("that the stage became has started when its pipe ends without a word", async () => {
    const other = new OtherSide("become");
    other.ends();
    await Bun.sleep(1);
    other.command.started(77);
    expect((await other.command.process).pid).toBe(77);
    other.command.exited(9);
    expect(await other.command.whenExited).toEqual({ kind: "exited", code: 9 });
    other.command.treeGone();
    await other.command.whenTreeGone;
  });
});
