import type { ExitStatus, InputSink, OutputSource, SpawnedProcess } from "../spawned-process.ts";
import type { PtySize } from "./pty.ts";
import type { Stdio } from "./stdio.ts";
import { Order } from "./wire.ts";

/** How a running command is watched and steered. */
interface CommandControl {
  readonly whenExited: Promise<ExitStatus>;
  readonly whenTreeGone: Promise<void>;
  readonly whenTidied?: Promise<void> | undefined;
  /** Sends an order to the shim; nothing happens once the tree is gone. */
  order(order: number, argument?: number): void;
}

/** The running command as the rest of the program sees it. */
export class GuardedProcess implements SpawnedProcess {
  readonly pid: number;
  readonly outputs: readonly OutputSource[];
  readonly input?: InputSink;
  readonly resize?: (size: PtySize) => void;
  readonly exited: Promise<ExitStatus>;
  readonly treeGone: Promise<void>;
  readonly tidied?: Promise<void>;
  readonly #command: CommandControl;

  constructor(pid: number, stdio: Stdio, command: CommandControl) {
    this.pid = pid;
    this.outputs = stdio.outputs;
    if (stdio.input !== undefined) this.input = stdio.input;
    if (stdio.resize !== undefined) this.resize = stdio.resize;
    this.exited = command.whenExited;
    this.treeGone = command.whenTreeGone;
    if (command.whenTidied !== undefined) this.tidied = command.whenTidied;
    this.#command = command;
  }

  signal(signalNumber: number): void {
    this.#command.order(Order.signal, signalNumber);
  }

  killTree(): void {
    this.#command.order(Order.kill);
  }
}
