import type { GenericSchema, InferOutput } from "valibot";
import { type Caller, LinkCutError, ProtocolViolationError, type RequestOptions } from "../rpc/caller.ts";
import {
  EffectUnknownError,
  LinkLostError,
  type RemoteCalls,
  type RemoteMethod,
} from "../rpc/remote-calls.ts";
import { type Attachment, attach, type Deadlines, type Introduced, parseAnswer } from "./attach.ts";
import { backoffMs } from "./backoff.ts";
import { finalEnd, finalReason } from "./final-reason.ts";
import type { LinkState } from "./link-state.ts";
import type { Noise } from "./noise.ts";
import type { Target } from "./target.ts";

export interface LinkOptions {
  readonly target: Target;
  readonly clientName: string;
  readonly sessionTtlSeconds?: number;
  /** False: the first cut is the end. */
  readonly resume: boolean;
  /** How long to try to get a cut link back, ms; asked at each cut. */
  recoverMs(): number;
  readonly deadlines?: Deadlines;
  /** Gives up the first connection. */
  readonly signal?: AbortSignal;
}

export interface LinkEvents {
  notified(method: string, params: unknown): void;
  changed(state: LinkState): void;
  heard(noise: Noise): void;
  /** A program carries the connection; resolves when nothing of it is left. */
  program(gone: Promise<void>): void;
}

/** One session with a server, kept across cuts of the connection that carries it. */
export class Link implements RemoteCalls {
  readonly #options: LinkOptions;
  readonly #events: LinkEvents;
  #state: LinkState = { kind: "connecting" };
  #attachment: Attachment | undefined;
  #sessionId: string | null = null;
  #resumes = 0;
  #held = false;
  #changed = Promise.withResolvers<void>();

  constructor(options: LinkOptions, events: LinkEvents) {
    this.#options = options;
    this.#events = events;
  }

  get state(): LinkState {
    return this.#state;
  }

  get sessionId(): string {
    return this.#sessionId ?? "";
  }

  /** The first connection; a failure is not retried. Rejects as {@link attach}. */
  async open(): Promise<Introduced> {
    try {
      const introduced = await this.#attach();
      this.#change({ kind: "ready", resumes: 0 });
      return introduced;
    } catch (error) {
      this.#change({ kind: "closed" });
      throw error;
    }
  }

  async call<Schema extends GenericSchema>(
    method: RemoteMethod<Schema>,
    params: object,
    options: RequestOptions = {},
  ): Promise<InferOutput<Schema>> {
    const { deadlineMs } = method;
    const requestOptions = { ...(deadlineMs === undefined ? {} : { deadlineMs }), ...options };
    for (;;) {
      const caller = await this.#caller(options.signal);
      try {
        return parseAnswer(method, await caller.request(method.name, params, requestOptions));
      } catch (error) {
        if (!(error instanceof LinkCutError)) throw error;
        if (method.afterCut === "report") throw new EffectUnknownError(method.name);
      }
    }
  }

  /** Stops and starts reading from the server. */
  hold(held: boolean): void {
    this.#held = held;
    if (held) this.#attachment?.connection.pause();
    else this.#attachment?.connection.resume();
  }

  /** Cuts the connection; what follows is what follows any cut. */
  cut(reason: string): void {
    this.#attachment?.connection.close(1000, reason);
  }

  close(): void {
    if (this.#state.kind === "closed" || this.#state.kind === "lost") return;
    this.#change({ kind: "closed" });
    this.#attachment?.connection.close(1000, "done");
    this.#attachment = undefined;
  }

  async #attach(): Promise<Introduced> {
    const { target, clientName, sessionTtlSeconds, deadlines, signal } = this.#options;
    const introduced = await attach(
      target,
      {
        clientName,
        resumeSessionId: this.#sessionId,
        ...(sessionTtlSeconds === undefined ? {} : { sessionTtlSeconds }),
      },
      {
        isHeld: () => this.#held,
        heard: (noise) => this.#events.heard(noise),
        notified: (method, params) => this.#events.notified(method, params),
        opened: ({ gone }) => gone !== undefined && this.#events.program(gone),
        ended: (attachment, reason, error) => this.#ended(attachment, reason, error),
      },
      { ...deadlines, ...(signal === undefined ? {} : { signal }) },
    );
    const { connection, caller } = introduced;
    if (connection.end !== undefined) throw new LinkCutError(connection.end.reason);
    this.#attachment = { connection, caller };
    this.#sessionId = introduced.sessionId;
    if (this.#held) connection.pause();
    return introduced;
  }

  #ended(attachment: Attachment, reason: string, error: Error | undefined): void {
    if (this.#attachment?.connection !== attachment.connection) return;
    this.#attachment = undefined;
    if (this.#state.kind !== "ready") return;
    const final =
      error instanceof ProtocolViolationError ? error.message : finalEnd(attachment.connection.end);
    if (final !== undefined) this.#lose(final);
    else if (this.#options.resume) void this.#recover(reason);
    else this.#lose(reason);
  }

  async #recover(reason: string): Promise<void> {
    const triedForMs = this.#options.recoverMs();
    this.#change({ kind: "recovering", reason, triedForMs });
    const giveUpAt = performance.now() + triedForMs;
    for (let attempt = 0; this.#state.kind === "recovering"; attempt++) {
      await Bun.sleep(backoffMs(attempt));
      const failure = await this.#reattach();
      if (this.#state.kind !== "recovering") return this.#attachment?.connection.close(1000, "done");
      if (failure === undefined) return this.#change({ kind: "ready", resumes: ++this.#resumes });
      const final = finalReason(failure);
      if (final !== undefined) return this.#lose(final);
      if (performance.now() > giveUpAt) return this.#lose(`it did not come back: ${messageOf(failure)}`);
    }
  }

  async #reattach(): Promise<unknown> {
    try {
      await this.#attach();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** The caller of a link that is ready, waiting for it where it is being restored. */
  async #caller(signal: AbortSignal | undefined): Promise<Caller> {
    for (;;) {
      if (this.#state.kind === "lost") throw new LinkLostError(this.#state.reason);
      if (this.#state.kind === "closed") throw new LinkLostError("the client is closed");
      if (this.#state.kind === "ready" && this.#attachment !== undefined) return this.#attachment.caller;
      await untilAborted(this.#changed.promise, signal);
    }
  }

  #lose(reason: string): void {
    this.#change({ kind: "lost", reason });
  }

  #change(state: LinkState): void {
    this.#state = state;
    const changed = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    changed.resolve();
    this.#events.changed(state);
  }
}

async function untilAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return await promise;
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
