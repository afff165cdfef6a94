import { basename, resolve } from "node:path";
import { copyWithReport } from "../copy-with-report.ts";
import type { DotCommand } from "../dot-command.ts";
import type { Repl } from "../repl.ts";
import { remoteArgument } from "./remote-argument.ts";

/** Copies from this machine into the environment. */
export const putCommand: DotCommand = {
  name: ".put",
  usage: "[-r] LOCAL [REMOTE]",
  summary: "copy from this machine into the environment; -r directories",
  flags: ["r"],
  takes: "interrupts",
  words: { min: 1, max: 2 },
  completes: ["local path", "remote path"],
  async run({ repl, words: [local = "", remote = "."], flags }) {
    const from = resolve(local);
    const target = remoteArgument(repl, remote);
    const to = (await isRemoteDirectory(repl, target))
      ? `${target === "/" ? "" : target}/${basename(from)}`
      : target;
    return await copyWithReport(repl, { direction: "put", from, to, recursive: flags.has("r") });
  },
};

async function isRemoteDirectory({ client }: Repl, path: string): Promise<boolean> {
  try {
    return (await client.files.getMetadata(path)).isDirectory;
  } catch {
    return false;
  }
}
