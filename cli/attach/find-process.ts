import { UsageError } from "../command.ts";
import type { EntryProcess } from "../registry/session-entry.ts";
import type { ListedSession } from "../registry/session-registry.ts";
import { shortId } from "../registry/short-id.ts";
import { sanitise } from "../terminal/sanitise.ts";

/** A process that can be attached to, and its session. */
export interface FoundProcess {
  readonly session: ListedSession;
  readonly process: EntryProcess;
}

/**
 * The process whose id begins with `word`; without a word the only one that was left. Throws UsageError where that is
 * none or several, and Error where it cannot be attached to.
 */
export function findProcess(sessions: readonly ListedSession[], word: string | undefined): FoundProcess {
  const all = sessions.flatMap((session) => session.entry.processes.map((process) => ({ session, process })));
  const free = all.filter(({ session }) => session.entry.holder.kind === "nobody");
  const meant = word === undefined ? free : all.filter(({ process }) => process.processId.startsWith(word));
  const [found, ...more] = meant;
  if (found === undefined) throw new UsageError(notFound(word, free));
  if (more.length > 0) throw new UsageError(`it could be any of several, so name one: ${namesOf(meant)}`);
  const { holder, command, resumable } = found.session.entry;
  if (holder.kind === "process") {
    const end = resumable ? "" : ", and ends with it";
    throw new Error(`it is in the hands of codex-env ${command} (process ${holder.pid})${end}`);
  }
  return found;
}

function notFound(word: string | undefined, free: readonly FoundProcess[]): string {
  const what = word === undefined ? "" : `no process of yours begins with ${sanitise(word)}; `;
  if (free.length === 0)
    return `${what}there is none to go back to, and .detach in codex-env connect leaves one`;
  return `${what}there is ${namesOf(free)}`;
}

function namesOf(processes: readonly FoundProcess[]): string {
  return processes
    .map(({ process }) => `${shortId(process.processId)} (${sanitise(process.line)})`)
    .join(", ");
}
