import { limits } from "../../../core/limits.ts";
import { shortId } from "../../registry/short-id.ts";
import { sanitise } from "../../terminal/sanitise.ts";
import { type DotCommand, DotCommandError } from "../dot-command.ts";
import { findJob } from "./find-job.ts";

/** Lets a job go on without this REPL. The id that `codex-env attach` takes is the result. */
export const detachCommand: DotCommand = {
  name: ".detach",
  usage: "[N]",
  summary: "leave a job running, with the others of its session; codex-env attach goes back to it",
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
    // Afterwards they are lost to this REPL, and it knows no more of them.
    const stopped = repl.jobs.live().filter(({ state }) => state.kind === "stopped");
    const left = await job.place.leave(repl.jobs.live(), signal);
    for (const one of [job, ...left.filter((other) => other !== job)]) {
      // What comes later is shown by whoever attaches.
      await repl.screen.bytes(1, one.log.take());
      repl.screen.endLine();
      repl.jobs.remove(one);
      const fate = one === job ? `goes on for up to ${hours} hours` : fateOf(stopped.includes(one));
      const id = shortId(one.process.processId);
      repl.screen.note(
        `[${one.number}] ${fate}: ${sanitise(one.line)}; codex-env attach ${id} goes back to it`,
      );
    }
    await repl.screen.result(`${shortId(job.process.processId)}\n`);
    await job.place.reconnect();
    return 0;
  },
};

const hours = limits.sessionTtlMaxSeconds / 3_600;

/** Of a job that nobody named: a session can only be left as a whole. */
function fateOf(isStopped: boolean): string {
  const along = "goes along, since it runs in the same session";
  return isStopped ? `${along}, and stays stopped until Enter is typed there` : along;
}
