import type { ExecClient } from "../../core/client/connect-client.ts";
import type { LinkState } from "../../core/client/link-state.ts";
import { startDirectory } from "../../core/client/start-directory.ts";
import { limits } from "../../core/limits.ts";
import type { OpenLink, OpenLinkOptions, Reach } from "../link/open-link.ts";
import { RegisteredSession } from "../registry/registered-session.ts";
import { entryOf, type PlacedJob } from "./placed-job.ts";
import { CannotLeaveError, refuseToLeave } from "./refuse-to-leave.ts";
import { ShellState } from "./shell-state.ts";
import { stoppedSuffix } from "./wrap-line.ts";

/** A session that the REPL has had. */
export interface SessionRecord {
  readonly openedAt: number;
  sessionId: string;
  state: LinkState;
}

export type OpeningEvents = Pick<OpenLinkOptions, "onState" | "signal">;

/** Where a session is to be opened: by name, where an earlier one was, or undefined: where the REPL was started for. */
export type Whereabouts = string | Reach | undefined;

export interface PlaceOptions {
  /** `again` is where the place is; absent the first time. */
  open(again: Reach | undefined, events: OpeningEvents): Promise<OpenLink>;
  /** Is told what becomes of the link once the place is there. */
  told(place: Place, state: LinkState): void;
}

/** One environment of the REPL: its session, and where the shell stands in it. */
export class Place {
  readonly name: string;
  readonly shell: ShellState;
  readonly sessions: SessionRecord[] = [];
  readonly #options: PlaceOptions;
  #link: OpenLink;
  #registered: RegisteredSession;
  /** The link is cut on purpose, which nobody needs to be told. */
  #leaving = false;
  readonly #tidying = new Set<Promise<void>>();

  private constructor(options: PlaceOptions, link: OpenLink) {
    this.#options = options;
    this.#link = link;
    this.#registered = new RegisteredSession(link, "connect");
    this.#registered.show([]);
    this.name = link.name;
    this.shell = new ShellState(startDirectory(link.client.info));
  }

  /** Opens the first session. Rejects as openLink does. */
  static async open(options: PlaceOptions): Promise<Place> {
    const record = newRecord();
    let place: Place | undefined;
    const link = await options.open(undefined, {
      onState(state) {
        record.state = state;
        place?.told(state);
      },
    });
    place = new Place(options, link);
    place.#record(record);
    return place;
  }

  get reach(): Reach {
    return this.#link.reach;
  }

  get client(): ExecClient {
    return this.#link.client;
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
    await this.#link.close();
    this.#registered.close();
    await this.#openAnew();
    return "new";
  }

  /** Tells the other programs of this user what runs here beside the lines. */
  show(jobs: Iterable<PlacedJob>): boolean {
    return this.#registered.show(this.#liveOf(jobs).map(entryOf));
  }

  /**
   * Leaves the session, with the jobs that run in it, to whoever attaches to it within a day; {@link reconnect} opens a
   * new one. The jobs are lost to this REPL; what they had written by then is in their logs. Throws CannotLeaveError
   * where they would not go on, and LinkLostError.
   */
  async leave<Left extends PlacedJob>(jobs: Iterable<Left>, signal: AbortSignal): Promise<readonly Left[]> {
    refuseToLeave(this.#link);
    const left = this.#liveOf(jobs);
    if (!this.show(left)) {
      throw new CannotLeaveError("it cannot be written down where codex-env attach would look for it");
    }
    this.#leaving = true;
    try {
      await this.client.keepFor(limits.sessionTtlMaxSeconds);
      // Whoever gave up waiting for the link has gone on working in this session.
      signal.throwIfAborted();
      await this.#link.close();
    } finally {
      this.#leaving = false;
    }
    // Their logs hold everything up to here then.
    for (const job of left) while (!job.closed) await job.changed();
    this.#registered.leave(left.map(entryOf), limits.sessionTtlMaxSeconds);
    return left;
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

  /** Ends the session and all that runs in it, or is about to: it may live for long without us, and that should not. */
  async close(jobs: Iterable<PlacedJob>): Promise<void> {
    if (this.client.state.kind === "ready") {
      await Promise.race([
        Promise.allSettled([this.client.processes.endAll(), ...this.#tidying]).then(() =>
          this.#removeStates(jobs),
        ),
        Bun.sleep(limits.replCloseMs),
      ]);
    }
    await this.#link.close();
    this.#registered.close();
  }

  told(state: LinkState): void {
    if (state.kind === "lost") this.#registered.close();
    if (!this.#leaving) this.#options.told(this, state);
  }

  /** Where the jobs left the shell, which nobody asks for any more. */
  async #removeStates(jobs: Iterable<PlacedJob>): Promise<void> {
    const left = [...jobs].flatMap(({ place, stateFile }) =>
      place === this && stateFile !== undefined ? [stateFile, stateFile + stoppedSuffix] : [],
    );
    const { files } = this.client;
    await Promise.allSettled(left.map((path) => files.remove(path)));
  }

  #liveOf<Live extends PlacedJob>(jobs: Iterable<Live>): readonly Live[] {
    return [...jobs].filter((job) => job.place === this && !job.closed);
  }

  async #openAnew(): Promise<void> {
    const record = newRecord();
    // The default may be another machine by now, and whoever types here means this one.
    const link = await this.#options.open(this.reach, {
      onState: (state) => {
        record.state = state;
        this.told(state);
      },
    });
    this.#link = { ...link, name: this.name };
    this.#registered = new RegisteredSession(this.#link, "connect");
    this.#registered.show([]);
    this.#record(record);
  }

  #record(record: SessionRecord): void {
    record.sessionId = this.client.sessionId;
    this.sessions.push(record);
  }
}

function newRecord(): SessionRecord {
  return { openedAt: Date.now(), sessionId: "", state: { kind: "connecting" } };
}
