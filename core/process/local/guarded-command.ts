import { closeSync } from "node:fs";
import { pipeHasReader } from "../../host/descriptors.ts";
import type { ExitStatus, SpawnedProcess } from "../spawned-process.ts";
import { GuardedProcess } from "./guarded-process.ts";
import type { CommandWatcher } from "./guardian.ts";
import { spawnFailure } from "./spawn-failure.ts";
import { abandonStdio, type Stdio } from "./stdio.ts";
import { writeOrder } from "./write-order.ts";

/** A command from the request for its start to the end of its whole tree: what its shim tells, and its control pipe. */
export class GuardedCommand implements CommandWatcher {
  readonly #stdio: Stdio;
  /** Write end of the control pipe; its EOF ends the tree. -1: closed. */
  #control: number;
  readonly #process = Promise.withResolvers<SpawnedProcess>();
  readonly #exited = Promise.withResolvers<ExitStatus>();
  readonly #treeGone = Promise.withResolvers<void>();
  #isStarted = false;

  /** Takes over the write end of the control pipe and our side of stdio. */
  constructor(stdio: Stdio, control: number) {
    this.#stdio = stdio;
    this.#control = control;
  }

  /** The running process. Rejects with SpawnError. */
  get process(): Promise<SpawnedProcess> {
    return this.#process.promise;
  }

  get whenExited(): Promise<ExitStatus> {
    return this.#exited.promise;
  }

  get whenTreeGone(): Promise<void> {
    return this.#treeGone.promise;
  }

  /** Sends an order to the shim; nothing happens once the tree is gone. */
  order(order: number, argument = 0): void {
    writeOrder(this.#control, order, argument);
  }

  hasShim(): boolean {
    return this.#control >= 0 && pipeHasReader(this.#control);
  }

  started(pid: number): void {
    this.#isStarted = true;
    this.#process.resolve(new GuardedProcess(pid, this.#stdio, this));
  }

  failed(errno: number, stage: number): void {
    this.abandon();
    this.#process.reject(spawnFailure(errno, stage));
  }

  exited(code: number): void {
    this.#exited.resolve({ kind: "exited", code });
  }

  lost(reason: string): void {
    if (this.#isStarted) this.#exited.resolve({ kind: "unknown", reason });
    else this.failed(0, 0);
  }

  treeGone(): void {
    if (this.#control >= 0) closeSync(this.#control);
    this.#control = -1;
    this.#treeGone.resolve();
  }

  /** Lets go of a command that did not start. */
  abandon(): void {
    abandonStdio(this.#stdio);
    this.treeGone();
  }
}
