import { formatDuration } from "../../terminal/format.ts";
import { jsonLine } from "../../terminal/json-line.ts";
import { renderTable } from "../../terminal/table.ts";
import type { DotCommand } from "../dot-command.ts";
import { describeJobState, exitCodeOf } from "../job-state.ts";

/** Lists the jobs; those that have ended are listed once more and then forgotten. */
export const jobsCommand: DotCommand = {
  name: ".jobs",
  usage: "[--json]",
  summary: "list what runs beside the line",
  json: true,
  words: { min: 0, max: 0 },
  async run({ repl, json }) {
    const jobs = repl.jobs.all();
    for (const job of jobs) job.announced ||= job.state.kind === "ended" || job.state.kind === "lost";
    if (json) {
      const list = jobs.map((job) => ({
        job: job.number,
        environment: job.place.name,
        state: job.state.kind,
        exitCode: exitCodeOf(job.state) ?? null,
        processId: job.process.processId,
        startedAtMs: job.startedAt,
        line: job.line,
      }));
      await repl.screen.result(jsonLine(list));
      return 0;
    }
    const rows = jobs.map((job) => [
      `[${job.number}]`,
      ...(repl.places.length > 1 ? [job.place.name] : []),
      describeJobState(job),
      formatDuration(Date.now() - job.startedAt),
      job.line,
    ]);
    await repl.screen.result(renderTable(rows));
    return 0;
  },
};
