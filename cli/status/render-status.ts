import type { ListedEnvironment } from "../link/list-environments.ts";
import { unnamed } from "../link/unnamed.ts";
import { expiryOf, type SessionEntry } from "../registry/session-entry.ts";
import type { ListedSession } from "../registry/session-registry.ts";
import { shortId } from "../registry/short-id.ts";
import { formatDuration } from "../terminal/format.ts";
import { renderTable } from "../terminal/table.ts";

/** What there is to list. */
export interface Status {
  readonly environments: readonly ListedEnvironment[];
  readonly sessions: readonly ListedSession[];
}

const headings = ["PROCESS", "ENVIRONMENT", "STATE", "FOR", "COMMAND"];

/** The status for people. */
export function renderStatus({ environments, sessions }: Status, now: number): string {
  const list = environments.map(({ name, isDefault, where }) => [isDefault ? "*" : " ", name, where]);
  const rows = sessions.flatMap(({ entry }) => rowsOf(entry, now));
  return renderTable(list) + (rows.length === 0 ? "" : `\n${renderTable([headings, ...rows])}`);
}

function rowsOf(entry: SessionEntry, now: number): string[][] {
  const row = (process: string, sinceMs: number, line: string) => [
    process,
    environmentOf(entry),
    stateOf(entry, now),
    formatDuration(Math.max(0, now - sinceMs)),
    line,
  ];
  if (entry.processes.length === 0) return [row("-", entry.openedAtMs, "-")];
  return entry.processes.map(({ processId, startedAtMs, line }) =>
    row(shortId(processId), startedAtMs, line),
  );
}

/** Its name; where it was given as a URL that URL, without what may be secret in it. */
function environmentOf({ environment, reach, where }: SessionEntry): string {
  return environment === unnamed && reach.kind === "url" ? where : environment;
}

function stateOf(entry: SessionEntry, now: number): string {
  const { holder, command } = entry;
  if (holder.kind === "process") return `held by ${command} (process ${holder.pid})`;
  return `left, kept for ${formatDuration(Math.max(0, (expiryOf(entry) ?? now) - now))} more`;
}
