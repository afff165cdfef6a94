import type { ExecClient } from "../../core/client/connect-client.ts";
import type { LinkState } from "../../core/client/link-state.ts";
import { uriToPath } from "../../core/client/remote-path.ts";
import { limits } from "../../core/limits.ts";
import type { OpenLink, Reach } from "../link/open-link.ts";
import type { Job } from "./job.ts";
import { ShellState } from "./shell-state.ts";

/** A session that the REPL has had. */
export interface SessionRecord {
  readonly openedAt: number;
  sessionId: string;
  state: LinkState;
}

export interface PlaceOptions {
  open(onState: (state: LinkState) => void): Promise<OpenLink>;
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
  readonly #tidying = new Set<Promise<void>>();

  private constructor(options: PlaceOptions, link: OpenLink) {
    this.#options = options;
    this.#link = link;
    this.name = link.name;
    const { info } = link.client;
    this.shell = new ShellState(uriToPath(info.cwd ?? info.userHomeDir ?? "/"));
  }

  /** Opens the first session. Rejects as openLink does. */
  static async open(options: PlaceOptions): Promise<Place> {
    const record = newRecord();
    let place: Place | undefined;
    const link = await options.open((state) => {
      record.state = state;
      if (place !== undefined) options.told(place, state);
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
    await this.#openAnew();
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

  /** Ends the session and, of its jobs, those that still run: it may live for long without us, and they should not. */
  async close(jobs: Iterable<Job>): Promise<void> {
    if (this.client.state.kind === "ready") {
      const live = [...jobs].filter((job) => job.place === this && !job.closed);
      await Promise.race([
        Promise.allSettled([...live.map((job) => job.process.terminate()), ...this.#tidying]),
        Bun.sleep(limits.replCloseMs),
      ]);
    }
    await this.#link.close();
  }

  async #openAnew(): Promise<void> {
    const record = newRecord();
    this.#link = await this.#options.open((state) => {
      record.state = state;
      this.#options.told(this, state);
    });
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
