import { DotCommandError } from "../dot-command.ts";
import type { Job } from "../job.ts";
import { describeJobState } from "../job-state.ts";
import type { Repl } from "../repl.ts";

/** The job that a word names, or the newest live one. Throws DotCommandError. */
export function findJob(repl: Repl, word: string | undefined): Job {
  const job = repl.jobs.find(word);
  if (job !== undefined) return job;
  const jobs = repl.jobs.all().map((other) => `[${other.number}] ${describeJobState(other)}`);
  const there = jobs.length === 0 ? "" : `; there is ${jobs.join(", ")}`;
  throw new DotCommandError((word === undefined ? "no job is running" : `there is no job ${word}`) + there);
}
