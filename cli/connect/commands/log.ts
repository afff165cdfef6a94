import type { DotCommand } from "../dot-command.ts";
import { findJob } from "./find-job.ts";

/** Shows what a job has written. */
export const logCommand: DotCommand = {
  name: ".log",
  usage: "[N]",
  summary: "show the output of a job (its newest MiB), of the newest where none is named",
  words: { min: 0, max: 1 },
  completes: ["job"],
  async run({ repl, words: [word] }) {
    const job = (word === undefined ? repl.jobs.newest() : undefined) ?? findJob(repl, word);
    if (job.log.dropped > 0) repl.screen.note(`${job.log.dropped} bytes before this are no longer kept`);
    await repl.screen.bytes(1, job.log.read());
    return 0;
  },
};
