import { jsonLine } from "../../terminal/json-line.ts";
import { sanitise } from "../../terminal/sanitise.ts";
import { type DotCommand, DotCommandError } from "../dot-command.ts";
import type { ShellState } from "../shell-state.ts";

/** Shows, sets and removes the variables of the lines to come. */
export const envCommand: DotCommand = {
  name: ".env",
  usage: "[NAME=VALUE… | -u NAME… | --json]",
  summary: "show, set or (-u) remove exported variables",
  flags: ["u"],
  json: true,
  words: { min: 0, max: 1_000 },
  async run({ repl, words, flags, json }) {
    if (flags.has("u")) for (const name of words) remove(repl.shell, name);
    else for (const word of words) assign(repl.shell, word);
    if (words.length > 0) return 0;
    const { variables, knowsAll } = repl.shell;
    const names = Object.keys(variables).sort();
    if (json)
      await repl.screen.result(jsonLine(Object.fromEntries(names.map((name) => [name, variables[name]]))));
    else
      await repl.screen.result(names.map((name) => `${sanitise(`${name}=${variables[name]}`)}\n`).join(""));
    if (!knowsAll) repl.screen.note("the rest comes from the environment and is known after the first line");
    return 0;
  },
};

function assign(shell: ShellState, word: string): void {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word);
  if (match === null) throw new DotCommandError(`${word} is not NAME=VALUE`);
  shell.set(match[1] ?? "", match[2] ?? "");
}

function remove(shell: ShellState, name: string): void {
  if (shell.unset(name)) return;
  throw new DotCommandError("run a line first: until then the environment's own variables are not known");
}
