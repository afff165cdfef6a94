import { type DotCommand, DotCommandError } from "../dot-command.ts";

/** Chooses between a terminal and pipes for the lines to come. */
export const ptyCommand: DotCommand = {
  name: ".pty",
  usage: "[on | off]",
  summary: "give lines a terminal, or pipes with stderr apart",
  words: { min: 0, max: 1 },
  async run({ repl, words: [word] }) {
    if (word === undefined) await repl.screen.result(repl.pty ? "on\n" : "off\n");
    else if (word === "off") repl.pty = false;
    else if (word !== "on") throw new DotCommandError("it is typed .pty on or .pty off");
    else if (repl.terminal === undefined) throw new DotCommandError("there is no terminal here to give");
    else repl.pty = true;
    return 0;
  },
};
