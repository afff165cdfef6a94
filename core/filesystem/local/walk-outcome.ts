import { limits } from "../../limits.ts";
import { formatPath } from "../../protocol/path/format-path.ts";
import type { WalkOptions, WalkResult } from "../file-system.ts";
import type { NativePath } from "../native-path.ts";

/** What a walk has found so far, and the limits it has left. */
export class WalkOutcome {
  readonly #entries: { readonly path: NativePath; readonly kind: "file" | "directory" }[] = [];
  readonly #errors: { readonly path: NativePath; readonly message: string }[] = [];
  readonly #options: WalkOptions;
  readonly #pathBytes: (path: NativePath) => number;
  #truncated = false;
  #seen = 0;
  /** The root is one. */
  #directories = 1;
  #answerBytes = 0;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#pathBytes = options.pathBytes ?? ((path) => formatPath(path, "uri").length);
  }

  get result(): WalkResult {
    return { entries: this.#entries, errors: this.#errors, truncated: this.#truncated };
  }

  /** Every name counts, also one that is not listed. False: no more may be looked at. */
  countEntry(): boolean {
    if (this.#seen === this.#options.maxEntries) return this.#cut();
    this.#seen++;
    return true;
  }

  /** False: the directory is listed but not entered; the walk goes on. */
  countDirectory(): boolean {
    if (this.#directories === this.#options.maxDirectories) return this.#cut();
    this.#directories++;
    return true;
  }

  /** False: the answer is full. */
  addEntry(path: NativePath, kind: "file" | "directory"): boolean {
    if (!this.#reserve(this.#pathBytes(path))) return false;
    this.#entries.push({ path, kind });
    return true;
  }

  addError(path: NativePath, message: string): boolean {
    if (!this.#reserve(this.#pathBytes(path) + Buffer.byteLength(message))) return false;
    this.#errors.push({ path, message });
    return true;
  }

  #reserve(bytes: number): boolean {
    const total = this.#answerBytes + bytes + limits.fsWalkItemBytes;
    if (total > limits.fsWalkAnswerBytes) return this.#cut();
    this.#answerBytes = total;
    return true;
  }

  #cut(): false {
    this.#truncated = true;
    return false;
  }
}
