import { limits } from "../../../core/limits.ts";
import { shortId } from "../../registry/short-id.ts";
import { formatDuration } from "../../terminal/format.ts";
import { sanitise } from "../../terminal/sanitise.ts";
import { type DotCommand, DotCommandError } from "../dot-command.ts";
import { findJob } from "./find-job.ts";

/** Lets a job go on without this REPL. The id that `codex-env attach` takes is the result. */
export const detachCommand: DotCommand = {
  name: ".detach",
  usage: "[N]",
  summary: "leave a job running; codex-env attach goes back to it, from any terminal",
  words: { min: 0, max: 1 },
  completes: ["job"],
  async run({ repl, words: [word], signal }) {
    const job = findJob(repl, word);
    if (job.closed) throw new DotCommandError(`job ${job.number} has ended`);
    if (job.state.kind === "stopped") {
      job.stopped(false);
      // The wrapper waits for a line on the terminal before it brings the program back.
      await job.process.stdin.write(new Uint8Array([10]));
    }
    const left = await job.place.leave(repl.jobs.live(), signal);
    for (const one of left) {
      // What comes later is shown by whoever attaches.
      await repl.screen.bytes(1, one.log.take());
      repl.screen.endLine();
      repl.jobs.remove(one);
      const along = one === job ? "" : ", which runs in the same session,";
      repl.screen.note(
        `[${one.number}]${along} goes on for up to ${formatDuration(limits.sessionTtlMaxSeconds * 1_000)}: ${sanitise(one.line)}; codex-env attach ${shortId(one.process.processId)} goes back to it`,
      );
    }
    await repl.screen.result(`${shortId(job.process.processId)}\n`);
    await job.place.reconnect();
    return 0;
  },
};
