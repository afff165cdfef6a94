import type { DotCommand } from "../dot-command.ts";
import { aboutPath } from "./about-path.ts";
import { remoteArgument } from "./remote-argument.ts";

/** Makes directories in the environment. */
export const mkdirCommand: DotCommand = {
  name: ".mkdir",
  usage: "[-p] DIR…",
  summary: "make directories; -p with their parents",
  flags: ["p"],
  words: { min: 1, max: 1_000 },
  completes: ["remote path"],
  async run({ repl, words, flags }) {
    const options = { recursive: flags.has("p") };
    for (const word of words) {
      const path = remoteArgument(repl, word);
      await aboutPath(path, repl.client.files.createDirectory(path, options));
    }
    return 0;
  },
};
