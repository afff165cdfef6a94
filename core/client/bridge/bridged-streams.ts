import * as v from "valibot";
import type { InboundBudget } from "../../process/remote/inbound-budget.ts";
import { type Downstream, textMember } from "./downstream.ts";

const bodyDelta = v.looseObject({ requestId: v.string(), seq: v.number(), done: v.boolean() });

interface Stream {
  lastSeq: number;
  /** What came before the client was answered. */
  waiting: object[] | undefined;
}

/** Bodies of HTTP answers that are streamed. They belong to a connection: a cut ends them, with an error. */
export class BridgedStreams {
  readonly #client: Downstream;
  readonly #budget: InboundBudget;
  readonly #streams = new Map<string, Stream>();

  /** What the client does not take counts in the budget, so that no more than that is read for it. */
  constructor(client: Downstream, budget: InboundBudget) {
    this.#client = client;
    this.#budget = budget;
  }

  /** An `http/request` is passed on. */
  begin(params: object): void {
    const requestId = textMember(params, "requestId");
    if (requestId === undefined || Reflect.get(params, "streamResponse") !== true) return;
    if (!this.#streams.has(requestId)) this.#streams.set(requestId, { lastSeq: 0, waiting: [] });
  }

  /** It was answered, and the client has the answer; false: with an error, so nothing follows. */
  answered(params: object, succeeded: boolean): void {
    const requestId = textMember(params, "requestId") ?? "";
    const stream = this.#streams.get(requestId);
    if (stream?.waiting === undefined) return;
    const { waiting } = stream;
    stream.waiting = undefined;
    if (!succeeded) this.#streams.delete(requestId);
    else for (const delta of waiting) this.notified(delta);
  }

  /** `http/request/bodyDelta`. Throws ValiError when it is malformed. */
  notified(params: unknown): void {
    const delta = v.parse(bodyDelta, params);
    const stream = this.#streams.get(delta.requestId);
    if (stream === undefined) return;
    if (stream.waiting !== undefined) {
      stream.waiting.push(delta);
      return;
    }
    stream.lastSeq = delta.seq;
    if (delta.done) this.#streams.delete(delta.requestId);
    this.#tell(delta);
  }

  /** The link is cut: what has begun ends here. */
  cut(): void {
    for (const [requestId, stream] of this.#streams) {
      if (stream.waiting !== undefined) continue;
      this.#streams.delete(requestId);
      const error = "the link to the environment was cut in the middle of the answer";
      this.#tell({ requestId, seq: stream.lastSeq + 1, deltaBase64: "", done: true, error });
    }
  }

  #tell(params: object): void {
    this.#client.notify("http/request/bodyDelta", params);
    const room = this.#client.room();
    if (room === undefined) return;
    const bytes = textMember(params, "deltaBase64")?.length ?? 0;
    this.#budget.add(bytes);
    void room.then(() => this.#budget.remove(bytes));
  }
}
