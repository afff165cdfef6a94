import { readInBlocks } from "../../cp/read-in-blocks.ts";
import type { DotCommand } from "../dot-command.ts";
import type { Repl } from "../repl.ts";
import { aboutPath } from "./about-path.ts";
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
      const path = remoteArgument(repl, word);
      await aboutPath(path, show(repl, path, signal));
    }
    return 0;
  },
};

async function show({ client, screen }: Repl, path: string, signal: AbortSignal): Promise<void> {
  for await (const block of readInBlocks(client.files, path)) {
    signal.throwIfAborted();
    await screen.bytes(1, block);
  }
}
