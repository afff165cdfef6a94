import type { ExecClient } from "../../core/client/connect-client.ts";
import type { LinkState } from "../../core/client/link-state.ts";
import type { OpenLink } from "../link/open-link.ts";
import { sanitise } from "../terminal/sanitise.ts";
import type { Screen } from "../terminal/screen.ts";
import type { Job } from "./job.ts";
import { Jobs } from "./jobs.ts";
import { type OpeningEvents, Place, type Whereabouts } from "./place.ts";
import type { ShellState } from "./shell-state.ts";
import type { TerminalControl } from "./terminal-control.ts";

export interface ReplOptions {
  open(where: Whereabouts, events: OpeningEvents): Promise<OpenLink>;
  readonly screen: Screen;
  /** Present at a terminal. */
  readonly terminal: TerminalControl | undefined;
}

/** What the REPL is made of: environments with their sessions, jobs, and where it writes. */
export class Repl {
  readonly screen: Screen;
  readonly terminal: TerminalControl | undefined;
  readonly jobs = new Jobs();
  /** Of the last line, wherever it ran. */
  lastExit = 0;
  lastDurationMs = 0;
  /** Lines get a PTY. */
  pty: boolean;
  /** Set by `.quit`. */
  quitWith: number | undefined;
  /** What runs in the foreground. */
  current: Job | undefined;
  readonly #options: ReplOptions;
  readonly #places = new Map<string, Place>();
  #place: Place;
  #closing = false;
  readonly #ended = Promise.withResolvers<string>();

  private constructor(options: ReplOptions, first: Place) {
    this.screen = options.screen;
    this.terminal = options.terminal;
    this.pty = options.terminal !== undefined;
    this.#options = options;
    this.#place = first;
    this.#places.set(first.name, first);
  }

  /** Opens the first session. Rejects as openLink does. */
  static async open(options: ReplOptions): Promise<Repl> {
    let repl: Repl | undefined;
    const first = await Place.open({
      open: (again, events) => options.open(again, events),
      told(place, state) {
        if (repl !== undefined) repl.#tell(place, state);
      },
    });
    repl = new Repl(options, first);
    return repl;
  }

  /** Where lines run. */
  get place(): Place {
    return this.#place;
  }

  /** Every environment that has been used, in the order of its first use. */
  get places(): readonly Place[] {
    return [...this.#places.values()];
  }

  get client(): ExecClient {
    return this.#place.client;
  }

  get shell(): ShellState {
    return this.#place.shell;
  }

  /** Resolves, with the reason, when the session is lost in which lines run. */
  get lost(): Promise<string> {
    return this.#ended.promise;
  }

  /** From now on lines run in the environment of this name. Rejects as openLink does; lines then run where they did. */
  async use(name: string, signal: AbortSignal): Promise<void> {
    const used = await this.#reach(name, signal);
    signal.throwIfAborted();
    this.#place = used;
  }

  /** The same until disposed. */
  async visit(name: string, signal: AbortSignal): Promise<Disposable> {
    const before = this.#place;
    const visited = await this.#reach(name, signal);
    signal.throwIfAborted();
    this.#place = visited;
    return {
      [Symbol.dispose]: () => {
        if (this.#place === visited) this.#place = before;
      },
    };
  }

  /** Makes it a job, which stays one until it has ended and is forgotten. Gives its number. */
  keep(job: Job): number {
    const number = this.jobs.add(job);
    void this.#showUntilClosed(job);
    return number;
  }

  async close(): Promise<void> {
    this.#closing = true;
    const jobs = new Set([...this.jobs.all(), ...(this.current === undefined ? [] : [this.current])]);
    await Promise.all(this.places.map((place) => place.close(jobs)));
  }

  async #showUntilClosed(job: Job): Promise<void> {
    job.place.show(this.jobs.all());
    while (!job.closed) await job.changed();
    if (!this.#closing) job.place.show(this.jobs.all());
  }

  async #reach(name: string, signal: AbortSignal): Promise<Place> {
    const known = this.#places.get(name);
    if (known === undefined) {
      const opened = await Place.open({
        open: (again, events) => this.#options.open(again ?? name, { ...events, signal }),
        told: (place, state) => this.#tell(place, state),
      });
      this.#places.set(name, opened);
      return opened;
    }
    if (known.client.state.kind === "lost" || known.client.state.kind === "closed") {
      await known.reconnect();
      this.screen.note(`a new session is open in ${sanitise(name)}`);
    }
    return known;
  }

  #tell(place: Place, state: LinkState): void {
    // As long as there is one, everybody knows which is meant.
    const of = this.#places.size > 1 ? ` of ${sanitise(place.name)}` : "";
    switch (state.kind) {
      case "recovering":
        this.screen.note(`the link${of} was cut (${sanitise(state.reason)}); restoring it`);
        return;
      case "ready":
        if (state.resumes > 0) this.screen.note(`the link${of} is back and the session resumed`);
        return;
      case "lost":
        this.screen.note(
          `the session${of} is lost: ${sanitise(state.reason)}${this.terminal === undefined ? "" : "; .reconnect opens a new one"}`,
        );
        if (place === this.#place) this.#ended.resolve(state.reason);
        return;
      case "connecting":
      case "closed":
        return;
    }
  }
}
