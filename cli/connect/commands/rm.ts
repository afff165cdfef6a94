import type { DotCommand } from "../dot-command.ts";
import { aboutPath } from "./about-path.ts";
import { remoteArgument } from "./remote-argument.ts";

/** Removes files of the environment. */
export const rmCommand: DotCommand = {
  name: ".rm",
  usage: "[-r] [-f] PATH…",
  summary: "remove files; -r directories too, -f without complaint about missing ones",
  flags: ["r", "f"],
  words: { min: 1, max: 1_000 },
  completes: ["remote path"],
  async run({ repl, words, flags }) {
    const options = { recursive: flags.has("r"), force: flags.has("f") };
    for (const word of words) {
      const path = remoteArgument(repl, word);
      await aboutPath(path, repl.client.files.remove(path, options));
    }
    return 0;
  },
};
