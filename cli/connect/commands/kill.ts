import { limits } from "../../../core/limits.ts";
import { sanitise } from "../../terminal/sanitise.ts";
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
    const job = findJob(repl, word);
    const leftover = job.state.kind === "ended" && !job.closed;
    const wasRunning = await job.process.terminate();
    // A published server never says so while what left the process group holds the output.
    await Promise.race([job.process.ended, Bun.sleep(limits.killedJobMs)]);
    const what = wasRunning ? "killed" : leftover ? "killed what it left running" : "had ended before";
    repl.screen.note(`[${job.number}] ${what}: ${sanitise(job.line)}`);
    return 0;
  },
};
