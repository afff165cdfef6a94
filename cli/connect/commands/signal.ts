import type { SignalName } from "../../../core/process/process-backend.ts";
import { type DotCommand, DotCommandError } from "../dot-command.ts";
import { findJob } from "./find-job.ts";

/** Signals by the names that `.signal` takes, without SIG. */
export const signalNames: readonly string[] = [
  "INT",
  "TERM",
  "HUP",
  "QUIT",
  "KILL",
  "STOP",
  "TSTP",
  "CONT",
  "USR1",
  "USR2",
  "WINCH",
];

/** Sends a signal to the process group of a job. */
export const signalCommand: DotCommand = {
  name: ".signal",
  usage: "NAME [N]",
  summary: `send a signal to a job (${signalNames.join(", ")})`,
  words: { min: 1, max: 2 },
  completes: ["signal", "job"],
  async run({ repl, words: [name = "", word] }) {
    const short = name.toUpperCase().replace(/^SIG/, "");
    if (!signalNames.includes(short)) {
      throw new DotCommandError(`there is no signal ${name}; there are ${signalNames.join(", ")}`);
    }
    // The list above holds just the names of SignalName without their SIG.
    await findJob(repl, word).process.signal(`SIG${short}` as SignalName);
    return 0;
  },
};
