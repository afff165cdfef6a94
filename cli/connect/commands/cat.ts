import { readInBlocks } from "../../cp/read-in-blocks.ts";
import type { DotCommand } from "../dot-command.ts";
import { remoteArgument } from "./remote-argument.ts";

/** Writes files of the environment to stdout as they are. */
export const catCommand: DotCommand = {
  name: ".cat",
  usage: "FILE…",
  summary: "show files",
  words: { min: 1, max: 1_000 },
  completes: ["remote path"],
  async run({ repl, words, signal }) {
    for (const word of words) {
      const blocks = readInBlocks(repl.client.files, remoteArgument(repl, word));
      for await (const block of blocks) {
        signal.throwIfAborted();
        await repl.screen.bytes(1, block);
      }
    }
    return 0;
  },
};
