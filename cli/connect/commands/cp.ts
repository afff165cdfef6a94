import type { DotCommand } from "../dot-command.ts";
import type { Repl } from "../repl.ts";
import { aboutPath } from "./about-path.ts";
import { remoteArgument } from "./remote-argument.ts";

/** Copies within the environment; nothing travels over the link. */
export const cpCommand: DotCommand = {
  name: ".cp",
  usage: "[-r] SOURCE DESTINATION",
  summary: "copy within the environment; -r directories",
  flags: ["r"],
  words: { min: 2, max: 2 },
  completes: ["remote path"],
  async run({ repl, words: [from = "", to = ""], flags }) {
    const source = remoteArgument(repl, from);
    const destination = await into(repl, remoteArgument(repl, to), source);
    const copying = repl.client.files.copy(source, destination, { recursive: flags.has("r") });
    await aboutPath(`${source} to ${destination}`, copying);
    return 0;
  },
};

/** A directory as destination means a place in it. */
async function into(repl: Repl, destination: string, source: string): Promise<string> {
  try {
    const { isDirectory } = await repl.client.files.getMetadata(destination);
    return isDirectory
      ? `${destination === "/" ? "" : destination}/${source.split("/").at(-1)}`
      : destination;
  } catch {
    return destination;
  }
}
