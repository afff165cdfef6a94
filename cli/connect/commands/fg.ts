import type { DotCommand } from "../dot-command.ts";
import { foreground } from "../foreground.ts";
import { settle } from "../run-line.ts";
import { displayOn } from "../start-line.ts";
import { findJob } from "./find-job.ts";

/** Brings a job into the foreground: what it wrote meanwhile, then what it writes. */
export const fgCommand: DotCommand = {
  name: ".fg",
  usage: "[N]",
  summary: "bring a job into the foreground, where Ctrl-Z had stopped it let it go on",
  takes: "keys",
  words: { min: 0, max: 1 },
  completes: ["job"],
  async run({ repl, words: [word] }) {
    const job = findJob(repl, word);
    await foreground(repl, job, async () => {
      await repl.screen.bytes(1, job.log.take());
      job.display(displayOn(repl));
      if (job.state.kind !== "stopped") return;
      job.stopped(false);
      // The wrapper waits for a line on the terminal before it brings the program back.
      await job.process.stdin.write(new Uint8Array([10]));
    });
    await settle(repl, job);
    return repl.lastExit;
  },
};
