import { formatTime } from "../../terminal/format.ts";
import { jsonLine } from "../../terminal/json-line.ts";
import { renderTable } from "../../terminal/table.ts";
import type { DotCommand } from "../dot-command.ts";

/** Lists the sessions that this REPL has had; the last is the one in use. */
export const sessionsCommand: DotCommand = {
  name: ".sessions",
  usage: "[--json]",
  summary: "list the sessions of this REPL",
  json: true,
  words: { min: 0, max: 0 },
  async run({ repl, json }) {
    const list = repl.sessions.map(({ sessionId, openedAt, state }) => ({
      sessionId,
      state: state.kind,
      resumes: state.kind === "ready" ? state.resumes : null,
      openedAtMs: openedAt,
    }));
    if (json) await repl.screen.result(jsonLine(list));
    else {
      const rows = list.map((session) => [
        session.sessionId,
        session.state,
        `resumed ${session.resumes ?? "?"} times`,
        formatTime(session.openedAtMs),
      ]);
      await repl.screen.result(renderTable(rows));
    }
    return 0;
  },
};
