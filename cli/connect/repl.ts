import type { ExecClient } from "../../core/client/connect-client.ts";
import type { LinkState } from "../../core/client/link-state.ts";
import { uriToPath } from "../../core/client/remote-path.ts";
import { limits } from "../../core/limits.ts";
import type { OpenSession } from "../link/open-session.ts";
import { sanitise } from "../terminal/sanitise.ts";
import type { Screen } from "../terminal/screen.ts";
import type { Job } from "./job.ts";
import { Jobs } from "./jobs.ts";
import { ShellState } from "./shell-state.ts";
import type { TerminalControl } from "./terminal-control.ts";

/** A session that this REPL has had. */
export interface SessionRecord {
  readonly openedAt: number;
  sessionId: string;
  state: LinkState;
}

export interface ReplOptions {
  readonly open: (onState: (state: LinkState) => void) => Promise<OpenSession>;
  readonly screen: Screen;
  /** Present at a terminal. */
  readonly terminal: TerminalControl | undefined;
}

/** What the REPL is made of: a session, the state of its shell, its jobs and where it writes. */
export class Repl {
  readonly screen: Screen;
  readonly terminal: TerminalControl | undefined;
  readonly jobs = new Jobs();
  readonly shell: ShellState;
  readonly sessions: SessionRecord[] = [];
  /** Lines get a PTY. */
  pty: boolean;
  /** Set by `.quit`. */
  quitWith: number | undefined;
  /** What runs in the foreground. */
  current: Job | undefined;
  readonly #open: ReplOptions["open"];
  #session: OpenSession;
  readonly #tidying = new Set<Promise<void>>();
  readonly #ended = Promise.withResolvers<string>();

  private constructor(options: ReplOptions, session: OpenSession) {
    this.screen = options.screen;
    this.terminal = options.terminal;
    this.pty = options.terminal !== undefined;
    this.#open = options.open;
    this.#session = session;
    const { info } = session.client;
    this.shell = new ShellState(uriToPath(info.cwd ?? info.userHomeDir ?? "/"));
  }

  /** Opens the first session. Rejects as openSession does. */
  static async open(options: ReplOptions): Promise<Repl> {
    const record = newRecord();
    let repl: Repl | undefined;
    const session = await options.open((state) => {
      record.state = state;
      if (repl !== undefined) repl.#tell(state);
    });
    repl = new Repl(options, session);
    repl.#record(record, session);
    return repl;
  }

  get client(): ExecClient {
    return this.#session.client;
  }

  /** Resolves, with the reason, when a session is lost. */
  get lost(): Promise<string> {
    return this.#ended.promise;
  }

  /**
   * Renews the link of a session that lives, or opens a new session where it is lost. A link whose cut would be the
   * end, to an embedded server or with `--no-resume`, is kept.
   */
  async reconnect(): Promise<"resumed" | "new" | "kept"> {
    if (this.client.state.kind === "ready") {
      if (!this.client.resumes) return "kept";
      this.client.reconnect();
      // The cut is seen in a turn of its own.
      await Bun.sleep(0);
      return "resumed";
    }
    if (this.client.state.kind === "recovering") return "resumed";
    await this.#session.close();
    const record = newRecord();
    this.#session = await this.#open((state) => {
      record.state = state;
      this.#tell(state);
    });
    this.#record(record, this.#session);
    return "new";
  }

  /** Work that no line waits for, but the end of the REPL does. Its failure is nobody's. */
  tidy(work: Promise<unknown>): void {
    const done = work
      .catch(() => {})
      .then(() => {
        this.#tidying.delete(done);
      });
    this.#tidying.add(done);
  }

  async close(): Promise<void> {
    // A session may live for long without us; what we started in it should not.
    if (this.client.state.kind === "ready") {
      const left = new Set([...this.jobs.all(), ...(this.current === undefined ? [] : [this.current])]);
      const live = [...left].filter((job) => !job.closed);
      await Promise.race([
        Promise.allSettled([...live.map((job) => job.process.terminate()), ...this.#tidying]),
        Bun.sleep(limits.replCloseMs),
      ]);
    }
    await this.#session.close();
  }

  #tell(state: LinkState): void {
    switch (state.kind) {
      case "recovering":
        this.screen.note(`the link was cut (${sanitise(state.reason)}); restoring it`);
        return;
      case "ready":
        if (state.resumes > 0) this.screen.note("the link is back and the session resumed");
        return;
      case "lost":
        this.screen.note(
          `the session is lost: ${sanitise(state.reason)}${this.terminal === undefined ? "" : "; .reconnect opens a new one"}`,
        );
        this.#ended.resolve(state.reason);
        return;
      case "connecting":
      case "closed":
        return;
    }
  }

  #record(record: SessionRecord, { client }: OpenSession): void {
    record.sessionId = client.sessionId;
    this.sessions.push(record);
  }
}

function newRecord(): SessionRecord {
  return { openedAt: Date.now(), sessionId: "", state: { kind: "connecting" } };
}
