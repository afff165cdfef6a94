import { isatty } from "node:tty";
import type { ExecClient } from "../../core/client/connect-client.ts";
import { limits } from "../../core/limits.ts";
import type { ProcessSink } from "../../core/process/process-backend.ts";
import type { RemoteProcess } from "../../core/process/remote/remote-process.ts";
import { converse } from "../exec/converse.ts";
import { exitCodeOf, type Outcome } from "../exec/outcome.ts";
import { say } from "../exec/say.ts";
import type { OpenLink } from "../link/open-link.ts";
import { RegisteredSession } from "../registry/registered-session.ts";
import type { EntryProcess } from "../registry/session-entry.ts";
import { shortId } from "../registry/short-id.ts";
import { readsKeys } from "../terminal/reads-keys.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { terminalSize } from "../terminal/terminal-size.ts";
import type { FoundProcess } from "./find-process.ts";

/** How long a session without processes is kept, s. */
const briefly = 1;

/** Shows the process until it ends or is left again. Closes the link; `ending` is called before it is cut for that. */
export async function watchProcess(
  link: OpenLink,
  { session, process: known }: FoundProcess,
  ending: () => void,
): Promise<number> {
  const { client } = link;
  const others = session.entry.processes.filter((other) => other !== known);
  const registered = new RegisteredSession(link, "attach", session);
  registered.show(session.entry.processes);
  const adopted = new Adoption(client, known);
  const canType = known.tty ? isatty(0) : readsKeys();
  const outcome = await converse({
    client,
    tty: known.tty,
    stdin: known.stdin,
    canLeave: true,
    async begin(sink) {
      const process = await adopted.begin(sink);
      // By now the terminal is set to see the key.
      if (canType) say(`${sanitise(known.line)}; Ctrl-] leaves it`);
      return process;
    },
  });
  ending();
  const goesOn = isThere(outcome, client) || (outcome.kind === "ended" && !adopted.over);
  if (!goesOn) await tidy(client, known);
  if (client.state.kind === "lost" || (!goesOn && others.length === 0)) {
    await endSession(client);
    registered.close();
  } else {
    const { sessionTtlSeconds } = client;
    const after = await adopted.leave();
    const still = goesOn ? [{ ...known, after: outcome.kind === "unread" ? known.after : after }] : [];
    registered.leave([...still, ...others], sessionTtlSeconds);
  }
  await link.close();
  // It has begun, so it cannot have been refused.
  const code = outcome.kind === "refused" ? 1 : exitCodeOf(outcome);
  const left = outcome.kind === "ended" ? "it left something running that holds its output" : "left running";
  if (goesOn) say(`${left}; codex-env attach ${shortId(known.processId)} goes back to it`);
  return code;
}

/** Whether the process may run on. A session that is lost is over. */
function isThere(outcome: Outcome, client: ExecClient): boolean {
  if (outcome.kind === "left" || outcome.kind === "unread") return true;
  return outcome.kind === "lost" && client.state.kind === "recovering";
}

/** What the wrapper of a line has left behind. */
async function tidy(client: ExecClient, { stateFile }: EntryProcess): Promise<void> {
  if (stateFile === undefined || client.state.kind !== "ready") return;
  await Promise.resolve(client.files.remove(stateFile)).catch(() => {});
}

/** Nothing is left in it that anybody would come back to. */
async function endSession(client: ExecClient): Promise<void> {
  if (client.state.kind !== "ready" || !client.info.capabilities.sessionTtl) return;
  await client.keepFor(briefly).catch(() => {});
}

/** A process while it is ours. */
class Adoption {
  readonly #client: ExecClient;
  readonly #known: EntryProcess;
  readonly #shown = Promise.withResolvers<void>();
  #process: RemoteProcess | undefined;

  constructor(client: ExecClient, known: EntryProcess) {
    this.#client = client;
    this.#known = known;
  }

  readonly begin = async (sink: ProcessSink): Promise<RemoteProcess> => {
    const process = this.#client.processes.adopt(this.#known, (event) => {
      if (event.kind === "closed" || event.kind === "lost") this.#shown.resolve();
      return sink(event);
    });
    this.#process = process;
    // The terminal may have another size than the one that it was started on.
    if (process.tty) void process.resize(terminalSize()).catch(() => {});
    return process;
  };

  /** Nothing more will come of it. */
  get over(): boolean {
    return this.#process?.over ?? false;
  }

  /**
   * Closes the client. Resolves to how far what was received has been shown; where nobody takes it, to where we began:
   * then some of it is shown twice, and none never.
   */
  async leave(): Promise<number> {
    this.#client.close();
    const late = Bun.sleep(limits.lastWordsMs).then(() => this.#known.after);
    const shown = this.#shown.promise.then(() => this.#process?.position ?? this.#known.after);
    return await Promise.race([shown, late]);
  }
}
