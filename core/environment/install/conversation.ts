import { createHash } from "node:crypto";
import type { Program } from "../../client/program.ts";
import { limits } from "../../limits.ts";
import { InstallError } from "./install-error.ts";
import { within } from "./within.ts";

/** A line that a script over there has said on purpose: its first word, and the rest. */
export interface Answer {
  readonly word: string;
  readonly rest: string;
}

export interface ConversationNames {
  /** What every line of an answer begins with. */
  readonly nonce: string;
  /** What people call the other side. */
  readonly name: string;
}

/** A script that runs over there, and what is said with it. Its whole tree ends when it is disposed of. */
export class Conversation implements AsyncDisposable {
  readonly #program: Program;
  readonly #names: ConversationNames;
  readonly #complaints: Promise<string>;
  #pending: Uint8Array = new Uint8Array();
  #noise = false;

  constructor(program: Program, names: ConversationNames) {
    this.#program = program;
    this.#names = names;
    this.#complaints = this.#readComplaints();
  }

  /** Whether something else than answers came on stdout: what a login prints, most likely. */
  get noise(): boolean {
    return this.#noise;
  }

  /** The next answer; rejects with {@link InstallError} when none comes in time, or the script ended. */
  async next(deadlineMs: number = limits.installAnswerMs): Promise<Answer> {
    const line = await within(this.#nextLine(), deadlineMs);
    if (line === "late") throw this.#failed(`no answer within ${deadlineMs / 1_000} s`);
    if (line === undefined) throw await this.failure("it gave no answer");
    const [word = "", ...rest] = line.split(" ");
    return { word, rest: rest.join(" ") };
  }

  /** Hands bytes on; false when nobody takes them any more. Rejects with {@link InstallError} when they stand still. */
  async write(bytes: Uint8Array): Promise<boolean> {
    const written = this.#program.write(bytes).then(
      () => "written" as const,
      () => "closed" as const,
    );
    const outcome = await within(written, limits.installStallMs);
    if (outcome === "late") throw this.#failed(`it took nothing for ${limits.installStallMs / 1_000} s`);
    return outcome === "written";
  }

  closeInput(): void {
    this.#program.closeInput();
  }

  /** SHA-256 of the next `size` bytes, whatever they are. Rejects with {@link InstallError} when fewer come. */
  async hashOf(size: number): Promise<string> {
    const hash = createHash("sha256");
    let left = size;
    while (left > 0) {
      const bytes = this.#pending.length > 0 ? this.#pending : await this.#read();
      if (bytes === null) throw await this.failure("the file there ended early");
      const taken = bytes.subarray(0, left);
      hash.update(taken);
      left -= taken.length;
      this.#pending = bytes.subarray(taken.length);
    }
    return hash.digest("hex");
  }

  /** Why it did not work: how the script ended, and what was complained of last. */
  async failure(what: string): Promise<InstallError> {
    const ended = await within(this.#program.ended, limits.lastWordsMs);
    const complaints = await within(this.#complaints, limits.lastComplaintMs);
    const how = ended === "late" ? "" : ` (${ended})`;
    const why = complaints === "late" || complaints === "" ? "" : `: ${complaints}`;
    return this.#failed(`${what}${how}${why}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }

  #failed(what: string): InstallError {
    return new InstallError(`${this.#names.name}: ${what}`);
  }

  async #nextLine(): Promise<string | undefined> {
    for (;;) {
      const end = this.#pending.indexOf(10);
      if (end >= 0) {
        const answer = this.#answerIn(this.#pending.subarray(0, end));
        this.#pending = this.#pending.subarray(end + 1);
        if (answer !== undefined) return answer;
        continue;
      }
      // Only the end of a line that is far too long can be an answer.
      const kept = this.#pending.subarray(-limits.installLineBytes);
      const more = await this.#read();
      if (more === null) return undefined;
      this.#pending = Buffer.concat([kept, more]);
    }
  }

  /** What a login prints may stand before an answer in its line. */
  #answerIn(bytes: Uint8Array): string | undefined {
    const line = new TextDecoder().decode(bytes).replace(/\r$/, "");
    const at = line.indexOf(`${this.#names.nonce} `);
    if (at !== 0) this.#noise = true;
    return at < 0 ? undefined : line.slice(at + this.#names.nonce.length + 1);
  }

  async #read(): Promise<Uint8Array | null> {
    const bytes = await within(this.#program.stdout.read(), limits.installStallMs);
    if (bytes === "late") throw this.#failed(`nothing came for ${limits.installStallMs / 1_000} s`);
    return bytes;
  }

  /** The last two lines of stderr: the first is often the reason, and the second the consequence. */
  async #readComplaints(): Promise<string> {
    let text = "";
    const decoder = new TextDecoder();
    for (let bytes = await this.#program.stderr.read(); bytes !== null; ) {
      text = (text + decoder.decode(bytes, { stream: true })).slice(-limits.installLineBytes);
      bytes = await this.#program.stderr.read();
    }
    const lines = text.split("\n").map((line) => line.trim());
    return lines
      .filter((line) => line !== "")
      .slice(-2)
      .join("; ");
  }
}
