import { limits } from "../../core/limits.ts";
import type { Job } from "./job.ts";

/** The jobs of the REPL by number, lowest free number first. */
export class Jobs {
  readonly #jobs = new Map<number, Job>();

  add(job: Job): number {
    if (job.number !== undefined) return job.number;
    let number = 1;
    while (this.#jobs.has(number)) number++;
    job.number = number;
    this.#jobs.set(number, job);
    this.#forgetOldest();
    return number;
  }

  remove(job: Job): void {
    if (job.number !== undefined) this.#jobs.delete(job.number);
  }

  all(): readonly Job[] {
    return [...this.#jobs.values()].sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
  }

  /** Jobs that have not ended, or have left something running. */
  live(): readonly Job[] {
    return this.all().filter((job) => !job.closed);
  }

  /** The job that was started last. */
  newest(): Job | undefined {
    return this.all().reduce<Job | undefined>(
      (newest, job) => (newest === undefined || job.startedAt >= newest.startedAt ? job : newest),
      undefined,
    );
  }

  /** `3`, `%3`, or the newest live job where nothing is said. */
  find(word: string | undefined): Job | undefined {
    if (word === undefined) return this.live().at(-1);
    return this.#jobs.get(Number(/^%?(\d+)$/.exec(word)?.[1] ?? Number.NaN));
  }

  #forgetOldest(): void {
    const ended = this.all().filter((job) => job.closed);
    ended.sort((a, b) => a.startedAt - b.startedAt);
    for (const job of ended.slice(0, Math.max(0, ended.length - limits.endedJobs))) this.remove(job);
  }
}
