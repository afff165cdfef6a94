import * as v from "valibot";
import { JsonExcessError, parseBounded } from "../protocol/json/parse-bounded.ts";
import { RpcError } from "../protocol/rpc-error.ts";

/** The link ended while a request was under way: whether it took effect is unknown. */
export class LinkCutError extends Error {
  override readonly name = "LinkCutError";
}

/** No answer came in time. The request may still take effect. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/** The peer sent something that is not this dialect. */
export class ProtocolViolationError extends Error {
  override readonly name: string = "ProtocolViolationError";
}

/** What came is no message at all, be it that a program printed something between its messages. */
export class NotAMessageError extends ProtocolViolationError {}

export interface RequestOptions {
  /** Absent: waits as long as the link lives. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

interface Pending {
  readonly method: string;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

const response = v.object({ id: v.number(), result: v.unknown() });
const failure = v.object({ id: v.number(), error: v.object({ code: v.number(), message: v.string() }) });
const call = v.object({
  method: v.string(),
  params: v.optional(v.unknown()),
  id: v.optional(v.union([v.string(), v.number()])),
});

export interface CallerOptions {
  send(text: string): void;
  notified(method: string, params: unknown): void;
  /** Whether we have stopped reading from the peer. */
  isHeld(): boolean;
}

/** Requests of a client over one connection: gives ids, matches answers, keeps deadlines. */
export class Caller {
  readonly #send: (text: string) => void;
  readonly #notified: (method: string, params: unknown) => void;
  readonly #pending = new Map<number, Pending>();
  /** While we do not read, no answer can come, so no deadline passes. */
  readonly #isHeld: () => boolean;
  #nextId = 1;
  #cut: LinkCutError | undefined;

  constructor(options: CallerOptions) {
    this.#send = options.send;
    this.#notified = options.notified;
    this.#isHeld = options.isHeld;
  }

  /** Rejects with RpcError (the server's), {@link LinkCutError}, {@link DeadlineError} or the signal's reason. */
  async request(method: string, params: object, options: RequestOptions = {}): Promise<unknown> {
    if (this.#cut !== undefined) throw this.#cut;
    options.signal?.throwIfAborted();
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(id, { method, resolve, reject });
    const { deadlineMs } = options;
    let timer: Timer | undefined;
    const late = () => {
      if (this.#isHeld()) timer = setTimeout(late, deadlineMs);
      else reject(new DeadlineError(`${method}: no answer within ${(deadlineMs ?? 0) / 1000} s`));
    };
    if (deadlineMs !== undefined) timer = setTimeout(late, deadlineMs);
    const aborted = () => reject(options.signal?.reason);
    options.signal?.addEventListener("abort", aborted, { once: true });
    this.#send(JSON.stringify({ id, method, params }));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", aborted);
      this.#pending.delete(id);
    }
  }

  notify(method: string, params: object): void {
    this.#send(JSON.stringify({ method, params }));
  }

  /** A message from the peer. Throws {@link ProtocolViolationError}, be it a {@link NotAMessageError}. */
  receive(text: string): void {
    const message = parse(text);
    if (v.is(call, message)) {
      if (message.id === undefined) this.#notified(message.method, message.params);
      else this.#refuse(message.id, message.method);
      return;
    }
    if (v.is(failure, message)) {
      // -1 is how the server answers a message that it could not read, so it fits no request of ours.
      if (message.id === -1)
        throw new ProtocolViolationError(`the server could not read us: ${message.error.message}`);
      this.#pending.get(message.id)?.reject(new RpcError(message.error.code, message.error.message));
      return;
    }
    if (!v.is(response, message))
      throw new NotAMessageError("the server sent JSON that is no JSON-RPC message");
    this.#pending.get(message.id)?.resolve(message.result);
  }

  /** Ends every request under way; later ones fail at once. */
  cut(reason: string): void {
    this.#cut ??= new LinkCutError(reason);
    for (const pending of this.#pending.values()) pending.reject(this.#cut);
    this.#pending.clear();
  }

  #refuse(id: string | number, method: string): void {
    const own = typeof id === "number" ? this.#pending.get(id) : undefined;
    if (own?.method === method) {
      return own.reject(
        new ProtocolViolationError("the other side is no exec-server: it sends back what it is sent"),
      );
    }
    this.#send(
      JSON.stringify({ error: { code: -32601, message: `the client does not implement ${method}` }, id }),
    );
  }
}

function parse(text: string): unknown {
  try {
    return parseBounded(text);
  } catch (error) {
    if (error instanceof JsonExcessError)
      throw new ProtocolViolationError(`the server sent too much: ${error.message}`);
    throw new NotAMessageError("the server sent something that is not JSON", { cause: error });
  }
}
