import type { DotCommand } from "../dot-command.ts";
import { findJob } from "./find-job.ts";

/** SIGKILL to everything that belongs to a job. */
export const killCommand: DotCommand = {
  name: ".kill",
  usage: "[N]",
  summary: "end a job and all its children at once",
  words: { min: 0, max: 1 },
  completes: ["job"],
  async run({ repl, words: [word] }) {
    await findJob(repl, word).process.terminate();
    return 0;
  },
};
