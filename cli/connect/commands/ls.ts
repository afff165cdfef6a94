import { limits } from "../../../core/limits.ts";
import { formatBytes, formatTime } from "../../terminal/format.ts";
import { jsonLine } from "../../terminal/json-line.ts";
import { sanitise } from "../../terminal/sanitise.ts";
import { renderTable } from "../../terminal/table.ts";
import type { DotCommand } from "../dot-command.ts";
import type { Repl } from "../repl.ts";
import { aboutPath } from "./about-path.ts";
import { remoteArgument } from "./remote-argument.ts";

/** Lists a directory of the environment. */
export const lsCommand: DotCommand = {
  name: ".ls",
  usage: "[-l] [DIR] [--json]",
  summary: "list a directory; -l with sizes and times",
  flags: ["l"],
  json: true,
  words: { min: 0, max: 1 },
  completes: ["remote path"],
  async run({ repl, words: [word = "."], flags, json }) {
    const directory = remoteArgument(repl, word);
    const read = await aboutPath(directory, repl.client.files.readDirectory(directory));
    const entries = [...read].sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
    const kinds = entries.map(({ fileName, isDirectory, isFile }) => ({
      name: fileName,
      kind: isDirectory ? "directory" : isFile ? "file" : "other",
    }));
    if (!flags.has("l") && !json) {
      const lines = kinds.map(({ name, kind }) => `${sanitise(name)}${kind === "directory" ? "/" : ""}\n`);
      await repl.screen.result(lines.join(""));
      return 0;
    }
    const detailed = await withMetadata(repl, directory, kinds);
    if (json) {
      await repl.screen.result(jsonLine(detailed));
      return 0;
    }
    const rows = detailed.map((entry) => [
      entry.kind === "directory" ? "d" : entry.kind === "file" ? "-" : "?",
      formatBytes(entry.size ?? 0).padStart(9),
      entry.modifiedAtMs === undefined ? "" : formatTime(entry.modifiedAtMs),
      entry.name + (entry.kind === "directory" ? "/" : ""),
    ]);
    await repl.screen.result(renderTable(rows));
    return 0;
  },
};

interface Kind {
  readonly name: string;
  readonly kind: string;
}

interface Detailed extends Kind {
  readonly size?: number;
  readonly modifiedAtMs?: number;
}

async function withMetadata(repl: Repl, directory: string, kinds: readonly Kind[]): Promise<Detailed[]> {
  const detailed: Detailed[] = [];
  for (let at = 0; at < kinds.length; at += limits.metadataInFlight) {
    const some = kinds.slice(at, at + limits.metadataInFlight).map(async (kind): Promise<Detailed> => {
      try {
        const path = `${directory === "/" ? "" : directory}/${kind.name}`;
        const { size, modifiedAtMs } = await repl.client.files.getMetadata(path);
        return { ...kind, size, modifiedAtMs };
      } catch {
        // Gone or not ours to look at: its name is all that is known.
        return kind;
      }
    });
    detailed.push(...(await Promise.all(some)));
  }
  return detailed;
}
