import { DotCommandError } from "../dot-command.ts";
import type { Job } from "../job.ts";
import type { Repl } from "../repl.ts";

/** The job that a word names, or the newest live one. Throws DotCommandError. */
export function findJob(repl: Repl, word: string | undefined): Job {
  const job = repl.jobs.find(word);
  if (job !== undefined) return job;
  throw new DotCommandError(
    word === undefined ? "there is no job" : `there is no job ${word}; .jobs lists them`,
  );
}
