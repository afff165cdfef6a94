import { closeSync } from "node:fs";
import { openPipe, setNonBlocking } from "../../host/descriptors.ts";
import type { StdioPlan } from "../spawned-process.ts";
import { abandonStdio, openStdio, type Stdio } from "./stdio.ts";

/** What one start opens. The child's ends are closed by disposing this; our side gets its owner before that. */
export class HandedDescriptors implements Disposable {
  /** Our side of stdio. */
  readonly stdio: Stdio;
  /** Write end of the control pipe: ours. */
  readonly control: number;
  /** Read end of the control pipe: the shim's. */
  readonly controlled: number;
  /** Read end of the control pipe, then the child's stdio. */
  readonly all: readonly number[];

  /** Opens everything or nothing. */
  constructor(plan: StdioPlan) {
    const { readEnd, writeEnd } = openPipe();
    try {
      // An order to a shim that somebody stopped must not stop us.
      setNonBlocking(writeEnd);
      this.stdio = openStdio(plan);
    } catch (error) {
      closeSync(readEnd);
      closeSync(writeEnd);
      throw error;
    }
    this.control = writeEnd;
    this.controlled = readEnd;
    this.all = [readEnd, ...this.stdio.childEnds];
  }

  /** Gives up: lets go of our side as well. */
  abandon(): void {
    abandonStdio(this.stdio);
    closeSync(this.control);
  }

  [Symbol.dispose](): void {
    for (const descriptor of this.all) closeSync(descriptor);
  }
}
