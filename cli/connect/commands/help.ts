import { renderTable } from "../../terminal/table.ts";
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
      const rows = wanted.map(({ name, usage, summary }) => [`${name} ${usage}`.trimEnd(), summary]);
      await repl.screen.result(renderTable(rows));
      if (word === undefined) await repl.screen.result(rest);
      return 0;
    },
  };
}

const rest = `
Anything else runs in the environment's shell: cd and exported variables last, $? is the exit code before,
LINE & makes a job, and a line whose quote, heredoc or compound command is open goes on in the next one.
At a terminal Ctrl-C interrupts, Ctrl-Z stops, Ctrl-D ends the input or, at the prompt, the REPL.
`;
