import { type DotCommand, DotCommandError } from "../dot-command.ts";
import { aboutPath } from "./about-path.ts";
import { remoteArgument } from "./remote-argument.ts";

/** Changes the directory without a shell. */
export const cdCommand: DotCommand = {
  name: ".cd",
  usage: "[DIR | -]",
  summary: "change the directory of the lines to come",
  words: { min: 0, max: 1 },
  completes: ["remote path"],
  async run({ repl, words: [word] }) {
    const path = word === "-" ? previous(repl.shell.previousCwd) : remoteArgument(repl, word ?? "~");
    const { isDirectory } = await aboutPath(path, repl.client.files.getMetadata(path));
    if (!isDirectory) throw new DotCommandError(`${path} is not a directory`);
    repl.shell.changeDirectory(path);
    return 0;
  },
};

function previous(path: string | undefined): string {
  if (path === undefined) throw new DotCommandError("there is no directory before this one");
  return path;
}
