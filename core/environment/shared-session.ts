import { backoffMs } from "../client/backoff.ts";
import type { ClientOptions, ExecClient } from "../client/connect-client.ts";
import type { LinkState } from "../client/link-state.ts";
import { limits } from "../limits.ts";
import { DeadlineError, LinkCutError } from "../rpc/caller.ts";
import { LinkLostError } from "../rpc/remote-calls.ts";
import { DialError } from "../transport/dialed-connection.ts";
import { EnvironmentLostError, EnvironmentUnavailableError } from "./environment-errors.ts";
import type { EnvironmentState } from "./environment-state.ts";
import { redactUserInfo } from "./redact-urls.ts";

/** What a session needs of the client that it opens. */
export type SessionEvents = Required<Pick<ClientOptions, "onState" | "onNoise" | "onProgram" | "signal">>;

export interface SharedSessionOptions {
  readonly id: string;
  open(events: SessionEvents): Promise<ExecClient>;
  /** Whether a first connect that failed is tried again without being asked. */
  readonly retries: boolean;
  /** A line that a program printed beside its messages. */
  readonly heard?: ClientOptions["onNoise"];
}

/** The one session that everybody who uses an environment shares: opened at first use, and again after it was lost. */
export class SharedSession {
  readonly #options: SharedSessionOptions;
  readonly #closing = new AbortController();
  readonly #programs = new Set<Promise<void>>();
  #state: EnvironmentState = { kind: "unused" };
  #changed = Promise.withResolvers<EnvironmentState>();
  #client: ExecClient | undefined;
  #closed: Promise<void> | undefined;
  #opening: Promise<ExecClient> | undefined;
  #retry: { readonly timer: Timer; readonly since: number; readonly attempt: number } | undefined;

  constructor(options: SharedSessionOptions) {
    this.#options = options;
  }

  get state(): EnvironmentState {
    return this.#state;
  }

  nextState(): Promise<EnvironmentState> {
    return this.#changed.promise;
  }

  /** Does `work` with the session's client. Rejects with what it rejects with, or EnvironmentLostError. */
  async use<T>(work: (client: ExecClient) => Promise<T> | T): Promise<T> {
    const client = await this.#connected();
    // Closed since: what came now would outlive the end.
    if (this.#state.kind === "closed") throw this.#unavailable("it was closed");
    try {
      return await work(client);
    } catch (error) {
      if (!(error instanceof LinkLostError)) throw error;
      throw new EnvironmentLostError(this.#options.id, error.message, { cause: error });
    }
  }

  /** Refuses every use from now on, ends what runs, and resolves when nothing is left. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#change({ kind: "closed" });
    clearTimeout(this.#retry?.timer);
    this.#closing.abort();
    const client = this.#client;
    this.#client = undefined;
    // A session outlives its connection, and what runs in it would, too.
    await client?.processes.endAll();
    client?.close();
    await this.#opening?.catch(() => {});
    await Promise.all(this.#programs);
  }

  async #connected(): Promise<ExecClient> {
    if (this.#client !== undefined) return this.#client;
    if (this.#state.kind === "closed") throw this.#unavailable("it was closed");
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return await this.#opening;
  }

  async #open(): Promise<ExecClient> {
    clearTimeout(this.#retry?.timer);
    const attempt = new OpeningAttempt();
    this.#change({ kind: "connecting" });
    try {
      const client = await this.#options.open({
        onState: (state) => this.#linkChanged(attempt, state),
        onNoise: (noise) => {
          if (noise.from === "stderr") attempt.complaint = noise.text.trim();
          this.#options.heard?.(noise);
        },
        onProgram: (gone) => {
          this.#programs.add(gone);
          void gone.then(() => this.#programs.delete(gone));
        },
        signal: this.#closing.signal,
      });
      return this.#opened(client, attempt);
    } catch (error) {
      throw this.#failed(error, attempt);
    }
  }

  #opened(client: ExecClient, attempt: OpeningAttempt): ExecClient {
    if (this.#closing.signal.aborted) {
      client.close();
      throw new LinkCutError("it was closed");
    }
    if (attempt.lost !== undefined) throw new LinkCutError(attempt.lost);
    this.#retry = undefined;
    this.#client = client;
    attempt.client = client;
    this.#change({ kind: "ready" });
    return client;
  }

  #failed(error: unknown, attempt: OpeningAttempt): EnvironmentUnavailableError {
    if (error instanceof EnvironmentUnavailableError) return error;
    const message = error instanceof Error ? error.message : String(error);
    const reason = redactUserInfo(withComplaint(message, attempt.complaint));
    if (this.#state.kind === "closed") return this.#unavailable("it was closed");
    if (this.#retryLater(error)) this.#change({ kind: "connecting", failure: reason });
    else this.#change({ kind: "lost", reason });
    return this.#unavailable(reason, { cause: error });
  }

  /** Whether there will be another attempt. A process that has nothing else to do does not wait for it. */
  #retryLater(error: unknown): boolean {
    const since = this.#retry?.since ?? performance.now();
    const attempt = (this.#retry?.attempt ?? 0) + 1;
    const over = performance.now() - since > limits.backgroundConnectMs;
    if (!this.#options.retries || over || !mayPass(error)) {
      this.#retry = undefined;
      return false;
    }
    const timer = setTimeout(() => void this.#connected().catch(() => {}), backoffMs(attempt));
    timer.unref();
    this.#retry = { timer, since, attempt };
    return true;
  }

  #linkChanged(attempt: OpeningAttempt, state: LinkState): void {
    if (state.kind === "lost") attempt.lost = state.reason;
    if (attempt.client === undefined || this.#client !== attempt.client) return;
    if (state.kind === "recovering") {
      this.#change({ kind: "recovering", reason: redactUserInfo(state.reason) });
    }
    if (state.kind === "ready") this.#change({ kind: "ready" });
    if (state.kind !== "lost") return;
    // What is under way is told so by the client; the next use opens a fresh session.
    this.#client = undefined;
    this.#change({ kind: "lost", reason: redactUserInfo(state.reason) });
  }

  #unavailable(reason: string, options?: ErrorOptions): EnvironmentUnavailableError {
    return new EnvironmentUnavailableError(this.#options.id, reason, options);
  }

  #change(state: EnvironmentState): void {
    this.#state = state;
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<EnvironmentState>();
    resolve(state);
  }
}

/** What is heard of one attempt to open, and later of the client that came of it. */
class OpeningAttempt {
  client: ExecClient | undefined;
  lost: string | undefined;
  complaint = "";
}

/** Whether what went wrong may be different in a while. */
function mayPass(error: unknown): boolean {
  if (error instanceof DialError) return error.retry;
  return error instanceof LinkCutError || error instanceof DeadlineError;
}

/** A program that asks for a password says so on stderr, and nowhere else. */
function withComplaint(reason: string, complaint: string): string {
  return complaint === "" || reason.includes(complaint) ? reason : `${reason} (it said: ${complaint})`;
}
