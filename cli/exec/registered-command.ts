import type { RemoteProcess } from "../../core/process/remote/remote-process.ts";
import type { OpenLink } from "../link/open-link.ts";
import { RegisteredSession } from "../registry/registered-session.ts";
import type { EntryProcess } from "../registry/session-entry.ts";
import { shortId } from "../registry/short-id.ts";
import { hasStdin } from "./pipe-stdin.ts";
import { say } from "./say.ts";

/** The session of one command, as this user's other programs know it. */
export class RegisteredCommand {
  readonly #link: OpenLink;
  readonly #argv: readonly string[];
  readonly #startedAtMs = Date.now();
  #session: RegisteredSession | undefined;
  #process: RemoteProcess | undefined;
  #over = false;

  constructor(link: OpenLink, argv: readonly string[]) {
    this.#link = link;
    this.#argv = argv;
  }

  /** The end of a fast command is heard before the answer to its start: nothing is noted of it any more then. */
  started(process: RemoteProcess): void {
    if (this.#over) return;
    this.#process = process;
    this.#session = new RegisteredSession(this.#link, "exec");
    // If we are killed nobody knows what was shown: whoever attaches then sees all that the server still has.
    this.#session.show([this.#entry(process, 0)]);
  }

  /** To be called before the session is closed. Who gave up while the link was down may go back to the command. */
  end(): void {
    this.#over = true;
    const { client } = this.#link;
    const process = this.#process;
    if (process === undefined || process.over || client.state.kind !== "recovering")
      return this.#session?.close();
    if (!this.#session?.leave([this.#entry(process, process.position)], client.sessionTtlSeconds)) return;
    say(`codex-env attach ${shortId(process.processId)} goes back to it if it still runs`);
  }

  #entry({ processId, tty }: RemoteProcess, after: number): EntryProcess {
    const line = this.#argv.join(" ");
    return { processId, line, startedAtMs: this.#startedAtMs, tty, stdin: tty || hasStdin(), after };
  }
}
