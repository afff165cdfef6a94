import { expiryOf, type SessionEntry } from "../registry/session-entry.ts";

/** One session as `--json` gives it. */
export function describeSession(entry: SessionEntry): object {
  const { environment, where, command, openedAtMs, resumable, holder, processes } = entry;
  return {
    environment,
    where,
    openedBy: command,
    openedAtMs,
    resumable,
    /** The process that holds it; null: it was left. */
    pid: holder.kind === "process" ? holder.pid : null,
    /** When it ends if nobody goes back to it. */
    expiresAtMs: expiryOf(entry) ?? null,
    processes: processes.map(({ processId, line, startedAtMs, tty }) => ({
      processId,
      line,
      startedAtMs,
      tty,
    })),
  };
}
