import { limits } from "../../../core/limits.ts";
import { sanitise } from "../../terminal/sanitise.ts";
import type { DotCommand } from "../dot-command.ts";
import type { Job } from "../job.ts";
import { findJob } from "./find-job.ts";

/** SIGKILL to everything that belongs to a job. */
export const killCommand: DotCommand = {
  name: ".kill",
  usage: "[N]",
  summary: "end a job and all its children at once",
  words: { min: 0, max: 1 },
  completes: ["job"],
  async run({ repl, words: [word] }) {
    const job = findJob(repl, word);
    const leftover = job.state.kind === "ended" && !job.closed;
    const wasRunning = await job.process.terminate();
    await ended(job);
    const what = wasRunning ? "killed" : leftover ? "killed what it left running" : "had ended before";
    repl.screen.note(`[${job.number}] ${what}: ${sanitise(job.line)}`);
    return 0;
  },
};

/** Waits until the server has said so. A published server never does while what left the process group holds the output. */
async function ended({ process }: Job): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, limits.killedJobMs);
  await Promise.race([process.ended, late.promise]);
  clearTimeout(timer);
}
