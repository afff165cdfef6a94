import { layOutTable, wrapHelp } from "../../arguments/help-page.ts";
import { type DotCommand, DotCommandError } from "../dot-command.ts";

/** Lists the dot-commands, or tells of one. */
export function helpCommand(commands: () => readonly DotCommand[]): DotCommand {
  return {
    name: ".help",
    usage: "[COMMAND]",
    summary: "list the commands of the REPL",
    words: { min: 0, max: 1 },
    completes: ["command"],
    async run({ repl, words: [word] }) {
      const wanted = commands().filter(
        ({ name }) => word === undefined || name === word || name === `.${word}`,
      );
      if (wanted.length === 0) throw new DotCommandError(`there is no ${word}`);
      const rows = wanted.map(({ name, usage, summary }) => [`${name} ${usage}`.trimEnd(), summary] as const);
      const parts = [layOutTable(rows).join("\n"), ...(word === undefined ? rest.map(wrapHelp) : [])];
      await repl.screen.result(`${parts.join("\n\n")}\n`);
      return 0;
    },
  };
}

const rest: readonly string[] = [
  "Anything else runs in the environment's shell. Each line has a shell of its own: its directory, its exported variables and its exit code ($?) last; functions, aliases, options (set, umask) and variables that are not exported do not, so put what belongs together into one line. LINE & makes a job, whose output .log shows. exit [CODE] by itself leaves the REPL.",
  "@NAME LINE runs one line, or one of the commands above, in another environment; .use NAME goes there for all lines to come.",
  "At a terminal Ctrl-C interrupts, Ctrl-Z stops (a job of LINE & goes back into the background), and Ctrl-D ends the input of a program or, at the prompt, the REPL.",
];
