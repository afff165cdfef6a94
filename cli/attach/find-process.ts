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
  if (found === undefined) {
    const what = word === undefined ? "" : `no process of yours begins with ${sanitise(word)}; `;
    throw new UsageError(what + listOf(free));
  }
  if (more.length > 0) throw new UsageError(`more than one is meant: ${listOf(meant)}`);
  const { holder, command, resumable } = found.session.entry;
  if (holder.kind === "process") {
    const end = resumable ? "" : ", and ends with it";
    throw new Error(`it is in the hands of codex-env ${command} (process ${holder.pid})${end}`);
  }
  return found;
}

function listOf(processes: readonly FoundProcess[]): string {
  if (processes.length === 0) return "there is no process to go back to";
  const names = processes.map(({ process }) => `${shortId(process.processId)} (${sanitise(process.line)})`);
  return `there is ${names.join(", ")}`;
}
