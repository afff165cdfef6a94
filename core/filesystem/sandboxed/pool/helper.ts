import { closeSync } from "node:fs";
import { openDescriptorSocketPair, receiveDescriptor } from "../../../host/descriptor-socket.ts";
import type { SandboxPlan } from "../../../sandbox/plan/sandbox-plan.ts";
import { type HelperAnswer, parseAnswer } from "../helper/answer-line.ts";
import type { HelperRequest } from "../helper/operation.ts";
import { requestLine } from "../helper/request-line.ts";
import { encodePlan } from "../helper/wire-plan.ts";
import { AnswerReader } from "./answer-reader.ts";
import { type Deadline, leftOf } from "./deadline.ts";
import { HelperGone, helperFailed, helperUnreadable, noAnswerWithin } from "./helper-failure.ts";
import type { HelperProcess, SpawnHelper } from "./helper-process.ts";

/** What a helper is started for. */
export interface Wanted {
  readonly plan: SandboxPlan;
  readonly first: HelperRequest;
  readonly deadline: Deadline;
}

/** One running helper: takes requests one at a time. After any failure it is gone. */
export class Helper {
  readonly #process: HelperProcess;
  readonly #socket: number;
  readonly #answers: AnswerReader;
  /** The line of the request that may be answered already; null once it was sent, or where none may be. */
  #first: string | null = null;
  #over = false;

  readonly #ended: () => void;

  private constructor(process: HelperProcess, socket: number, ended: () => void) {
    this.#ended = ended;
    this.#process = process;
    this.#socket = socket;
    this.#answers = new AnswerReader(() => process.read());
    void process.ended.then(() => {
      this.end();
      this.#ended();
    });
  }

  /** `first` is what it will be asked first. `ended` is called once its process is gone. */
  static async start(
    { plan, first }: Pick<Wanted, "plan" | "first">,
    spawn: SpawnHelper,
    ended: () => void,
  ): Promise<Helper> {
    const [ours, theirs] = openDescriptorSocketPair();
    let process: HelperProcess;
    try {
      process = await spawn(plan, { socket: theirs, first });
    } catch (cause) {
      closeSync(ours);
      throw cause;
    } finally {
      closeSync(theirs);
    }
    const helper = new Helper(process, ours, ended);
    if (first.operation === "fs/readFile") helper.#first = requestLine(first);
    // Its first answer tells of a helper that does not even take this.
    await helper.tell(encodePlan(plan));
    return helper;
  }

  /** Sends a line that has no answer. */
  async tell(line: string): Promise<void> {
    await this.#process.write(Buffer.from(line)).catch(() => {});
  }

  get alive(): boolean {
    return !this.#over;
  }

  /** Sends a request line and takes its answer. Rejects with HelperFailure; the helper is gone then. */
  async request(line: string, deadline: Deadline): Promise<HelperAnswer> {
    this.#requireFirst(line);
    let slow = false;
    const timer = setTimeout(() => {
      slow = true;
      this.end();
    }, leftOf(deadline));
    try {
      const answer = await this.#exchange(line);
      if (answer !== null) return answer;
    } finally {
      clearTimeout(timer);
    }
    this.end();
    if (slow) throw noAnswerWithin(deadline.ms);
    const { status, words } = await this.#process.ended;
    throw helperFailed(status, words);
  }

  /** The descriptor that came with the last answer; the caller closes it. */
  takeDescriptor(): number {
    const descriptor = this.#over ? null : receiveDescriptor(this.#socket);
    if (descriptor !== null) return descriptor;
    this.end();
    throw helperUnreadable("no descriptor came with the answer");
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#process.kill();
    closeSync(this.#socket);
  }

  /** What may be answered already has to be what is asked first: nobody gets the answer to another's request. */
  #requireFirst(line: string): void {
    const isOdd = this.#first !== null && this.#first !== line;
    this.#first = null;
    if (!isOdd) return;
    this.end();
    throw new HelperGone();
  }

  /** Null: it ended instead. */
  async #exchange(line: string): Promise<HelperAnswer | null> {
    let said: string | null;
    try {
      await this.#process.write(Buffer.from(line));
      said = await this.#answers.next();
      if (said === null) return null;
    } catch {
      return null;
    }
    try {
      if (this.#answers.hasMore) throw new Error("more than one answer");
      return parseAnswer(said);
    } catch (cause) {
      this.end();
      throw helperUnreadable(cause);
    }
  }
}
