import { formatBytes, formatTime } from "../../terminal/format.ts";
import { jsonLine } from "../../terminal/json-line.ts";
import { renderTable } from "../../terminal/table.ts";
import type { DotCommand } from "../dot-command.ts";
import { aboutPath } from "./about-path.ts";
import { remoteArgument } from "./remote-argument.ts";

/** Shows what is known of files. */
export const statCommand: DotCommand = {
  name: ".stat",
  usage: "FILE… [--json]",
  summary: "show kind, size and times",
  json: true,
  words: { min: 1, max: 1_000 },
  completes: ["remote path"],
  async run({ repl, words, json }) {
    const found = [];
    for (const word of words) {
      const path = remoteArgument(repl, word);
      found.push({ path, ...(await aboutPath(path, repl.client.files.getMetadata(path))) });
    }
    if (json) {
      await repl.screen.result(jsonLine(found));
      return 0;
    }
    const rows = found.flatMap((file) => [
      ["path", file.path],
      [
        "kind",
        `${file.isDirectory ? "directory" : file.isFile ? "file" : "other"}${file.isSymlink ? " (by a link)" : ""}`,
      ],
      ["size", `${formatBytes(file.size)} (${file.size})`],
      ["modified", formatTime(file.modifiedAtMs)],
      ["created", file.createdAtMs === 0 ? "unknown" : formatTime(file.createdAtMs)],
    ]);
    await repl.screen.result(renderTable(rows));
    return 0;
  },
};
