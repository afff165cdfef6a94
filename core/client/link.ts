import type { GenericSchema, InferOutput } from "valibot";
import { LinkCutError, ProtocolViolationError, type RequestOptions } from "../rpc/caller.ts";
import {
  EffectUnknownError,
  LinkLostError,
  type RemoteCalls,
  type RemoteMethod,
} from "../rpc/remote-calls.ts";
import { type Attachment, attach, type Deadlines, type Introduced, parseAnswer } from "./attach.ts";
import { backoffMs } from "./backoff.ts";
import { CallGate } from "./call-gate.ts";
import { finalEnd, finalReason } from "./final-reason.ts";
import type { LinkState } from "./link-state.ts";
import type { Noise } from "./noise.ts";
import { RecentFaults } from "./recent-faults.ts";
import { ServerGone } from "./server-gone.ts";
import type { Target } from "./target.ts";

export interface LinkOptions {
  readonly target: Target;
  readonly clientName: string;
  /** Asked for with each connection, the newest counts. */
  readonly sessionTtlSeconds?: number | undefined;
  /** A session that is there already, to be resumed; absent: a new one. */
  readonly resumeSessionId?: string;
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
  #sessionId: string | null;
  #provider: string | null | undefined;
  #resumes = 0;
  #held = false;
  readonly #breaks = new RecentFaults();
  readonly #gate = new CallGate();
  #nextOrder = 0;

  constructor(options: LinkOptions, events: LinkEvents) {
    this.#options = options;
    this.#events = events;
    this.#sessionId = options.resumeSessionId ?? null;
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
      if (this.#attachment === undefined) throw new LinkCutError("the connection was cut at once");
      this.#change({ kind: "ready", resumes: 0 });
      return introduced;
    } catch (error) {
      this.#change({ kind: "closed" });
      throw error;
    }
  }

  /** Calls reach the server in the order in which they were made, also those that are repeated after a cut. */
  async call<Schema extends GenericSchema>(
    method: RemoteMethod<Schema>,
    params: object,
    options: RequestOptions = {},
  ): Promise<InferOutput<Schema>> {
    const { deadlineMs } = method;
    const requestOptions = { ...(deadlineMs === undefined ? {} : { deadlineMs }), ...options };
    const order = this.#nextOrder++;
    for (;;) {
      try {
        const answer = await this.#gate.pass(order, {
          send: (caller) => caller.request(method.name, params, requestOptions),
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        });
        return parseAnswer(method, answer);
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
    if (this.#sessionId !== null && introduced.sessionId !== this.#sessionId) {
      connection.close(1000, "another session");
      throw new ProtocolViolationError("the server opened another session in place of the one to resume");
    }
    this.#attachment = { connection, caller };
    this.#sessionId = introduced.sessionId;
    this.#provider = introduced.environmentInfo?.providerId;
    if (this.#held) connection.pause();
    return introduced;
  }

  #ended(attachment: Attachment, reason: string, error: Error | undefined): void {
    if (this.#attachment?.connection !== attachment.connection) return;
    this.#attachment = undefined;
    const { kind } = this.#state;
    if (kind !== "ready" && kind !== "recovering") return;
    const broken = error instanceof ProtocolViolationError ? error.message : undefined;
    if (broken !== undefined && this.#breaks.isOneTooMany()) return this.#lose(broken);
    // Being recovered, it is tried again by who does that.
    if (kind === "recovering") return;
    const final = finalEnd(attachment.connection.end);
    if (final !== undefined) this.#lose(final);
    else if (this.#options.resume) void this.#recover(broken ?? reason);
    else this.#lose(broken ?? reason);
  }

  async #recover(reason: string): Promise<void> {
    const triedForMs = this.#options.recoverMs();
    this.#change({ kind: "recovering", reason, triedForMs });
    const gone = new ServerGone(this.#options.target, this.#provider);
    const giveUpAt = performance.now() + triedForMs;
    for (let attempt = 0; this.#state.kind === "recovering"; attempt++) {
      await Bun.sleep(backoffMs(attempt));
      const failure = await this.#reattach();
      if (this.#state.kind !== "recovering") return this.#attachment?.connection.close(1000, "done");
      // Cut again at once: there is no attachment then, nor a failure.
      if (failure === undefined && this.#attachment === undefined) continue;
      if (failure === undefined) return this.#change({ kind: "ready", resumes: ++this.#resumes });
      const final = finalReason(failure) ?? (await gone.after(failure));
      // Closed meanwhile, perhaps.
      if (this.#state.kind !== "recovering") return;
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

  #lose(reason: string): void {
    this.#change({ kind: "lost", reason });
  }

  #change(state: LinkState): void {
    this.#state = state;
    // Before anybody hears of the change: whoever calls because of it comes after those who waited.
    if (state.kind === "lost") this.#gate.shut(new LinkLostError(state.reason));
    else if (state.kind === "closed") this.#gate.shut(new LinkLostError("the client is closed"));
    else if (state.kind === "ready" && this.#attachment !== undefined)
      this.#gate.open(this.#attachment.caller);
    else this.#gate.close();
    this.#events.changed(state);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
