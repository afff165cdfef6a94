import { closeSync, writeSync } from "node:fs";
import type { ExitStatus, InputSink, OutputSource, SpawnedProcess } from "../spawned-process.ts";
import type { CommandWatcher } from "./guardian.ts";
import type { PtySize } from "./pty.ts";
import { spawnFailure } from "./spawn-failure.ts";
import type { ConnectedStdio, Stdio } from "./stdio.ts";
import { Order } from "./wire.ts";

/** A command from the request for its start to the end of its whole tree. */
export class GuardedCommand implements CommandWatcher {
  readonly #stdio: Stdio;
  /** Write end of the control pipe; its EOF ends the tree. -1: closed. */
  #control: number;
  readonly #started = Promise.withResolvers<SpawnedProcess>();
  readonly #exited = Promise.withResolvers<ExitStatus>();
  readonly #treeGone = Promise.withResolvers<void>();
  #isStarted = false;

  /** Takes over the control pipe and our side of stdio. */
  constructor(stdio: Stdio, control: number) {
    this.#stdio = stdio;
    this.#control = control;
  }

  /** The running process. Rejects with SpawnError. */
  get process(): Promise<SpawnedProcess> {
    return this.#started.promise;
  }

  get treeGoneSoon(): Promise<void> {
    return this.#treeGone.promise;
  }

  started(pid: number): void {
    this.#isStarted = true;
    this.#started.resolve(new GuardedProcess(pid, this.#stdio.connect(), this));
  }

  failed(errno: number, stage: number): void {
    this.#release();
    this.#stdio.abandon();
    this.#treeGone.resolve();
    this.#started.reject(spawnFailure(errno, stage));
  }

  exited(code: number): void {
    this.#exited.resolve({ kind: "exited", code });
  }

  lost(reason: string): void {
    if (this.#isStarted) this.#exited.resolve({ kind: "unknown", reason });
    else this.failed(0, 0);
  }

  treeGone(): void {
    this.#release();
    this.#treeGone.resolve();
  }

  get exitStatus(): Promise<ExitStatus> {
    return this.#exited.promise;
  }

  order(order: number, argument = 0): void {
    if (this.#control < 0) return;
    try {
      writeSync(this.#control, new Uint8Array([order, argument]));
    } catch {
      // EPIPE: its shim is gone, and the event that says so is on its way.
    }
  }

  #release(): void {
    if (this.#control >= 0) closeSync(this.#control);
    this.#control = -1;
  }
}

class GuardedProcess implements SpawnedProcess {
  readonly pid: number;
  readonly outputs: readonly OutputSource[];
  readonly input?: InputSink;
  readonly resize?: (size: PtySize) => void;
  readonly exited: Promise<ExitStatus>;
  readonly treeGone: Promise<void>;
  readonly #command: GuardedCommand;

  constructor(pid: number, stdio: ConnectedStdio, command: GuardedCommand) {
    this.pid = pid;
    this.outputs = stdio.outputs;
    if (stdio.input !== undefined) this.input = stdio.input;
    if (stdio.resize !== undefined) this.resize = stdio.resize;
    this.exited = command.exitStatus;
    this.treeGone = command.treeGoneSoon;
    this.#command = command;
  }

  signal(signalNumber: number): void {
    this.#command.order(Order.signal, signalNumber);
  }

  killTree(): void {
    this.#command.order(Order.kill);
  }
}
