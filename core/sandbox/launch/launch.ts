import { closeSync } from "node:fs";
import { type Placeholder, releasePlaceholder } from "./placeholder.ts";

export interface LaunchParts {
  /** Descriptor of the program to execute, with an empty environment, in `/`. */
  readonly executable: number;
  readonly argv: readonly [string, ...string[]];
  /** What the program finds at 3, 4, ... */
  readonly descriptors: readonly number[];
  /**
   * `init`: a sandbox of its own processes, with the command's stdio among `descriptors`; the stage tells of the
   * command and takes orders. `become`: the executed program becomes the command, with the stdio that it was given.
   */
  readonly stage: "init" | "become";
  /** Read end of the stage's status pipe: whoever launches takes it over. */
  readonly status: number;
  /** Write end of the order pipe, taken over too; -1 where the program becomes the command. */
  readonly orders: number;
  /** To be held while the sandbox runs. */
  readonly placeholders: readonly Placeholder[];
}

/** A sandboxed command ready to be executed. Disposing it closes what others have copies of once it was handed over. */
export class Launch implements Disposable {
  readonly parts: LaunchParts;
  readonly #theirs: DisposableStack;
  #holds = true;

  /** Takes over the placeholders, and what `theirs` closes. */
  constructor(parts: LaunchParts, theirs: DisposableStack) {
    this.parts = parts;
    this.#theirs = theirs;
  }

  /** It is not handed over: removes what was made on the host for it. */
  giveUp(): void {
    if (!this.#holds) return;
    this.#holds = false;
    for (const placeholder of this.parts.placeholders) releasePlaceholder(placeholder);
  }

  [Symbol.dispose](): void {
    this.#theirs.dispose();
    if (!this.#holds) return;
    this.#holds = false;
    for (const { descriptor } of this.parts.placeholders) closeSync(descriptor);
  }
}
