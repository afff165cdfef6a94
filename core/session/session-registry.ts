import { limits } from "../limits.ts";
import type { ProcessTableOptions } from "../process/process-table.ts";
import { ErrorCode, RpcError } from "../protocol/rpc-error.ts";
import { type Attachment, Session } from "./session.ts";

export interface SessionRegistryOptions extends ProcessTableOptions {
  /** How long a session without a connection lives, s, unless its client asked for another time. */
  readonly ttlSeconds: number;
}

/** Every session of the server, by id: opens, resumes, detaches, and ends those whose time without a client is over. */
export class SessionRegistry {
  readonly #options: SessionRegistryOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #expiries = new Map<Session, ReturnType<typeof setTimeout>>();

  constructor(options: SessionRegistryOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /**
   * A fresh session, held by `attachment`. `ttlSeconds` is capped at {@link limits.sessionTtlMaxSeconds}. Throws
   * {@link RpcError} when there are too many.
   */
  open(attachment: Attachment, ttlSeconds: number | undefined): Session {
    if (this.#sessions.size >= limits.sessions) this.#makeRoom();
    const session = new Session({
      id: crypto.randomUUID(),
      ttlSeconds: Math.min(ttlSeconds ?? this.#options.ttlSeconds, limits.sessionTtlMaxSeconds),
      spawner: this.#options.spawner,
      budget: this.#options.budget,
    });
    this.#sessions.set(session.id, session);
    session.attach(attachment);
    return session;
  }

  /** The detached session of that id, now held by `attachment`. An unknown and an expired id read the same. */
  resume(id: string, attachment: Attachment): Session {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new RpcError(ErrorCode.invalidRequest, `unknown session id ${id}`);
    if (session.attached) {
      throw new RpcError(
        ErrorCode.sessionAttached,
        `session ${id} is already attached to another connection`,
      );
    }
    clearTimeout(this.#expiries.get(session));
    this.#expiries.delete(session);
    session.attach(attachment);
    return session;
  }

  /** The connection that held it is gone: its time without a client begins. */
  detach(session: Session): void {
    session.detach();
    if (!this.#sessions.has(session.id)) return;
    const timer = setTimeout(() => void this.end(session), session.ttlSeconds * 1000);
    timer.unref();
    this.#expiries.set(session, timer);
  }

  /** Forgets a session and ends its trees. */
  async end(session: Session): Promise<void> {
    clearTimeout(this.#expiries.get(session));
    this.#expiries.delete(session);
    this.#sessions.delete(session.id);
    await session.end();
  }

  /** Ends the session that has been without a client for longest among those that own nothing. */
  #makeRoom(): void {
    for (const session of this.#expiries.keys()) {
      if (session.processes.isEmpty) return void this.end(session);
    }
    throw new RpcError(
      ErrorCode.invalidRequest,
      `too many sessions: the limit is ${limits.sessions}, and all are in use`,
    );
  }

  *sessions(): Generator<Session> {
    yield* this.#sessions.values();
  }
}
