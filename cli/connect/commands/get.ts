import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { copyWithReport } from "../copy-with-report.ts";
import type { DotCommand } from "../dot-command.ts";
import { remoteArgument } from "./remote-argument.ts";

/** Copies from the environment to this machine. */
export const getCommand: DotCommand = {
  name: ".get",
  usage: "[-r] REMOTE [LOCAL]",
  summary: "copy from the environment to this machine; -r directories",
  flags: ["r"],
  takes: "interrupts",
  words: { min: 1, max: 2 },
  completes: ["remote path", "local path"],
  async run({ repl, words: [remote = "", local = "."], flags }) {
    const from = remoteArgument(repl, remote);
    const target = resolve(local);
    const isDirectory = (await stat(target).catch(() => undefined))?.isDirectory() ?? false;
    const to = isDirectory ? join(target, basename(from)) : target;
    return await copyWithReport(repl, { direction: "get", from, to, recursive: flags.has("r") });
  },
};
