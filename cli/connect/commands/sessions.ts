import { formatTime } from "../../terminal/format.ts";
import { jsonLine } from "../../terminal/json-line.ts";
import { renderTable } from "../../terminal/table.ts";
import type { DotCommand } from "../dot-command.ts";

/** Lists the sessions that this REPL has had, of each environment the last is the one in use. */
export const sessionsCommand: DotCommand = {
  name: ".sessions",
  usage: "[--json]",
  summary: "list the sessions of this REPL",
  json: true,
  words: { min: 0, max: 0 },
  async run({ repl, json }) {
    const all = repl.places.flatMap(({ name, sessions }) =>
      sessions.map((session) => ({ name, ...session })),
    );
    all.sort((one, other) => one.openedAt - other.openedAt);
    const list = all.map(({ name, sessionId, openedAt, state }) => ({
      environment: name,
      sessionId,
      state: state.kind,
      resumes: state.kind === "ready" ? state.resumes : null,
      openedAtMs: openedAt,
    }));
    if (json) await repl.screen.result(jsonLine(list));
    else {
      const rows = list.map((session) => [
        session.environment,
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
