import { closeSync } from "node:fs";
import { pipeHasReader } from "../../host/descriptors.ts";
import { osErrorText } from "../../host/errno.ts";
import { limits } from "../../limits.ts";
import { forgetMechanism } from "../../sandbox/host/detect-mechanism.ts";
import type { Launch } from "../../sandbox/launch/launch.ts";
import { sweepPlaceholder } from "../../sandbox/launch/placeholder.ts";
import {
  failedSandboxPart,
  type StageStatus,
  StageStatusDecoder,
} from "../../sandbox/launch/stage-status.ts";
import { sweepLater } from "../../sandbox/launch/sweep-later.ts";
import { SandboxRefusal } from "../../sandbox/sandbox-refusal.ts";
import type { ExitStatus, SpawnedProcess } from "../spawned-process.ts";
import { DescriptorSource } from "./descriptor-source.ts";
import { GuardedProcess } from "./guarded-process.ts";
import type { CommandWatcher } from "./guardian.ts";
import { launcherWords } from "./launcher-words.ts";
import { spawnFailure } from "./spawn-failure.ts";
import { abandonStdio, type Stdio } from "./stdio.ts";
import { Order } from "./wire.ts";
import { writeOrder } from "./write-order.ts";

/** Our ends of what a sandboxed command was given; taken over. */
export interface SandboxedEnds {
  readonly stdio: Stdio;
  /** Write end of the shim's control pipe; its EOF ends the tree. */
  readonly control: number;
  /** Read end of the launcher's stderr; absent where there is no launcher. */
  readonly complaints?: number;
}

/** 128 + SIGKILL. */
const killedCode = 137;

/**
 * A command in a sandbox, from the request for its start to the end of its whole tree. The stage, first program inside
 * the sandbox, tells of the command; the guardian tells of the launcher and of the tree.
 */
export class SandboxedCommand implements CommandWatcher {
  readonly #stdio: Stdio;
  readonly #launch: Launch;
  readonly #status: DescriptorSource;
  readonly #complaints: DescriptorSource | undefined;
  readonly #words: Promise<string>;
  readonly #heardAll: Promise<void>;
  readonly #process = Promise.withResolvers<SpawnedProcess>();
  readonly #exited = Promise.withResolvers<ExitStatus>();
  readonly #treeGone = Promise.withResolvers<void>();
  readonly #deadline: NodeJS.Timeout;
  #state: "starting" | "running" | "failed" = "starting";
  #failure: Error | undefined;
  #pid: number | undefined;
  #stageStarted = false;
  #shimDied = false;
  /** Told by the stage, and not yet by us. */
  #exit: ExitStatus | undefined;
  #control: number;
  #orders: number;
  #killing: NodeJS.Timeout | undefined;
  #lastWait: NodeJS.Timeout | undefined;

  constructor(ends: SandboxedEnds, launch: Launch) {
    const { status, orders } = launch.parts;
    this.#stdio = ends.stdio;
    this.#launch = launch;
    this.#control = ends.control;
    this.#orders = orders;
    this.#status = new DescriptorSource("stdout", status);
    this.#complaints =
      ends.complaints === undefined ? undefined : new DescriptorSource("stderr", ends.complaints);
    this.#words = launcherWords(this.#complaints);
    this.#deadline = setTimeout(() => this.#fail(late), limits.sandboxStartMs);
    this.#heardAll = this.#listen();
  }

  /** The running process. Rejects with SpawnError, or with SandboxRefusal when it is the sandbox that failed. */
  get process(): Promise<SpawnedProcess> {
    return this.#process.promise;
  }

  get whenExited(): Promise<ExitStatus> {
    return this.#exited.promise;
  }

  get whenTreeGone(): Promise<void> {
    return this.#treeGone.promise;
  }

  /** Who sees that it is closed finds the workspace as the command left it: the shim has taken its placeholders away. */
  get whenTidied(): Promise<void> | undefined {
    const { placeholders, stage } = this.#launch.parts;
    if (placeholders.length === 0 || stage === "become") return undefined;
    return this.whenExited.then(() => Promise.race([this.whenTreeGone, Bun.sleep(limits.placeholderGoneMs)]));
  }

  /** Sends an order to who can carry it out; nothing happens once the tree is gone. */
  order(order: number, argument = 0): void {
    if (this.#orders < 0 || this.#state !== "running") return writeOrder(this.#control, order, argument);
    writeOrder(this.#orders, order, argument);
    if (order !== Order.kill || this.#killing !== undefined) return;
    // The stage ends all in one step and tells the true exit. Should somebody have stopped it, the shim kills it too.
    this.#killing = setTimeout(() => writeOrder(this.#control, Order.kill, 0), limits.sandboxEndMs);
  }

  hasShim(): boolean {
    return this.#control >= 0 && pipeHasReader(this.#control);
  }

  started(pid: number): void {
    this.#pid = pid;
    this.#begin();
  }

  failed(errno: number): void {
    this.#fail(new SandboxRefusal(`the launcher could not be executed: ${osErrorText(errno)}`));
    this.treeGone();
  }

  exited(code: number): void {
    if (this.#launch.parts.stage === "become") this.#exited.resolve({ kind: "exited", code });
  }

  moved(): void {
    if (this.#exit !== undefined) this.#exited.resolve(this.#exit);
  }

  lost(reason: string): void {
    this.#fail(new SandboxRefusal(reason));
    this.#exited.resolve(this.#exit ?? { kind: "unknown", reason });
    this.#shimDied = true;
  }

  treeGone(): void {
    if (this.#control < 0) return;
    clearTimeout(this.#deadline);
    closeSync(this.#control);
    if (this.#orders >= 0) closeSync(this.#orders);
    this.#control = this.#orders = -1;
    void this.#settle();
  }

  /** Lets go of a command that no guardian took. */
  abandon(): void {
    this.#launch.giveUp();
    this.#fail(new SandboxRefusal("it was given up before its start"));
    this.treeGone();
  }

  async #listen(): Promise<void> {
    const decoder = new StageStatusDecoder();
    for (let bytes = await this.#status.read(); bytes !== null; bytes = await this.#status.read()) {
      for (const status of decoder.decode(bytes)) this.#heard(status);
    }
    if (this.#launch.parts.stage === "become" && this.#failure === undefined) {
      this.#stageStarted = true;
      this.#begin();
    } else if (this.#state !== "running") {
      // Its launcher says why, or nobody does.
      writeOrder(this.#control, Order.kill, 0);
    } else {
      this.#ended(this.#exit ?? this.#unseenEnd());
    }
  }

  #heard(status: StageStatus): void {
    switch (status.kind) {
      case "started":
        this.#stageStarted = true;
        return this.#begin();
      case "exited":
        return this.#ended({ kind: "exited", code: status.code });
      case "failed":
        return this.#fail(failureOf(status.errno, status.stage));
    }
  }

  /** What it said comes before its end: on a terminal its shim has that. */
  #ended(status: ExitStatus): void {
    if (this.#stdio.resize === undefined || this.#control < 0) return this.#exited.resolve(status);
    this.#exit = status;
    writeOrder(this.#control, Order.move, 0);
  }

  /** Two pipes tell of the start, in either order. */
  #begin(): void {
    if (this.#state !== "starting" || this.#pid === undefined || !this.#stageStarted) return;
    this.#state = "running";
    clearTimeout(this.#deadline);
    this.#complaints?.close();
    this.#process.resolve(new GuardedProcess(this.#pid, this.#stdio, this));
  }

  #fail(error: Error): void {
    if (this.#state !== "starting") return;
    this.#state = "failed";
    this.#failure = error;
    writeOrder(this.#control, Order.kill, 0);
    // What hangs in the kernel, on a mount for one, cannot be killed: its end is not waited for in vain.
    this.#lastWait = setTimeout(() => this.#process.reject(error), limits.treesEndDeadlineMs);
  }

  /** What we killed ourselves was killed. Whatever else ended the stage, nobody saw the command's end. */
  #unseenEnd(): ExitStatus {
    if (this.#killing !== undefined) return { kind: "exited", code: killedCode };
    return { kind: "unknown", reason: "the first process of the sandbox was killed" };
  }

  /** Everybody who could say more has ended. */
  async #settle(): Promise<void> {
    const [words] = await Promise.all([this.#words, this.#heardAll]);
    clearTimeout(this.#killing);
    clearTimeout(this.#lastWait);
    this.#status.close();
    // The shim would have done it.
    const { placeholders } = this.#launch.parts;
    if (this.#shimDied) for (const placeholder of placeholders) sweepPlaceholder(placeholder.entry);
    sweepLater(placeholders);
    this.#exited.resolve(this.#exit ?? this.#unseenEnd());
    if (this.#state !== "running") {
      abandonStdio(this.#stdio);
      const error = this.#failure ?? new SandboxRefusal(words || "the launcher ended without a word");
      if (error instanceof SandboxRefusal) forgetMechanism();
      this.#process.reject(error);
    }
    this.#treeGone.resolve();
  }
}

const late = new SandboxRefusal(`it was not made after ${limits.sandboxStartMs} ms`);

function failureOf(errno: number, stage: number): Error {
  const part = failedSandboxPart(stage);
  return part === undefined
    ? spawnFailure(errno, stage)
    : new SandboxRefusal(`${part}: ${osErrorText(errno)}`);
}
