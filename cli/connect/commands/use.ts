import { sanitise } from "../../terminal/sanitise.ts";
import type { DotCommand } from "../dot-command.ts";

/** Chooses the environment of the lines to come. Each keeps its directory and its variables. */
export const useCommand: DotCommand = {
  name: ".use",
  usage: "NAME",
  summary: "let the lines to come run in another environment; @NAME LINE runs one line there",
  words: { min: 1, max: 1 },
  completes: ["environment"],
  async run({ repl, words: [name = ""], signal }) {
    await repl.use(name, signal);
    // At a terminal the prompt says it.
    if (repl.terminal === undefined) repl.screen.note(`lines run in ${sanitise(repl.place.name)}`);
    return 0;
  },
};
