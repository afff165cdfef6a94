import { constants } from "node:os";
import type { ExecClient } from "../../core/client/connect-client.ts";

const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const lookMs = 50;

/** Ends a copy in order when we are told to stop: what is half done is cleaned up, and the exit code says which signal. */
export class Interruption implements Disposable {
  readonly #abort = new AbortController();
  readonly #clients: readonly ExecClient[];
  #exitCode: number | undefined;
  #watch: Timer | undefined;
  readonly #stop = (name: NodeJS.Signals) => {
    this.#exitCode ??= 128 + constants.signals[name];
    this.#abort.abort(new Error("given up"));
    this.#closeWithoutLink();
    // The link may be cut already, and nobody has noticed yet.
    this.#watch ??= setInterval(() => this.#closeWithoutLink(), lookMs);
  };

  constructor(clients: readonly ExecClient[]) {
    this.#clients = clients;
    for (const name of names) process.on(name, this.#stop);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Set once a signal came. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#watch);
    for (const name of names) process.off(name, this.#stop);
  }

  /** Without a link nothing can be cleaned up on the other side, and nobody wants to wait for it. */
  #closeWithoutLink(): void {
    for (const client of this.#clients) if (client.state.kind !== "ready") client.close();
  }
}
