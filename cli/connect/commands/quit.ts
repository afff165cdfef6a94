import { type DotCommand, DotCommandError } from "../dot-command.ts";

/** Ends the REPL and the jobs that still run. */
export const quitCommand: DotCommand = {
  name: ".quit",
  usage: "[CODE]",
  summary: "end the REPL, and the jobs that still run",
  words: { min: 0, max: 1 },
  async run({ repl, words: [word] }) {
    if (word !== undefined && !/^\d{1,3}$/.test(word)) throw new DotCommandError("the exit code is a number");
    repl.quitWith = word === undefined ? 0 : Number(word) & 255;
    return repl.quitWith;
  },
};
