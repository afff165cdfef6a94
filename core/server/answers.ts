import { limits } from "../limits.ts";
import { encodeRefusal, encodeResult, type Refusal } from "../protocol/encode-message.ts";
import type { RequestId } from "../protocol/request-id.ts";
import { ErrorCode, RpcError } from "../protocol/rpc-error.ts";
import type { Connection } from "../transport/connection.ts";

/** Websocket close code (RFC 6455, 7.4.1): the peer does what we do not put up with. */
const POLICY_VIOLATION = 1008;

/** What one connection answers, within the frame and within what its client may leave untaken. */
export class Answers {
  readonly #connection: Connection;
  readonly #waiting: (() => void)[] = [];
  #turnTaken = false;
  #over = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * So much is untaken that large answers wait. One answer's worth: far above what process output may leave unsent, so
   * that a flood does not hold them back.
   */
  get congested(): boolean {
    return this.#connection.buffered > limits.outgoingFrameBytes;
  }

  /** Returns the length of the answer. Throws {@link RpcError} when it exceeds a frame; nothing has been sent then. */
  result(id: RequestId, result: unknown): number {
    const text = encodeResult(id, result);
    if (exceedsFrame(text)) {
      throw new RpcError(
        ErrorCode.internal,
        `the answer exceeds the frame limit of ${limits.outgoingFrameBytes} bytes; ask for less at a time`,
      );
    }
    this.#send(text);
    return text.length;
  }

  error(id: RequestId, refusal: Refusal): void {
    this.#send(encodeRefusal(id, refusal));
  }

  /** Resolves when a large answer may be made: for one at a time, so that each is counted before the next is made. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.drained();
    });
  }

  /** The client has taken what was sent, or the last turn is over: the next has its turn. */
  drained(): void {
    if (this.#turnTaken || (this.congested && !this.#over)) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#turnTaken = true;
    next();
    setImmediate(() => {
      this.#turnTaken = false;
      this.drained();
    });
  }

  /** Nobody takes answers any more; whoever waits for a turn gets it, and finds the connection ended. */
  end(): void {
    this.#over = true;
    this.drained();
  }

  #send(text: string): void {
    if (this.#over) return;
    this.#connection.send(text);
    if (this.#connection.buffered <= limits.untakenAnswerBytes) return;
    this.#over = true;
    this.#connection.close(POLICY_VIOLATION, "more answers are left unread than this server keeps");
  }
}

function exceedsFrame(text: string): boolean {
  // A UTF-16 unit takes at most three bytes of UTF-8, so most texts need no counting.
  return text.length * 3 > limits.outgoingFrameBytes && Buffer.byteLength(text) > limits.outgoingFrameBytes;
}
