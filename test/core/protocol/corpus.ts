import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The rows of a kept corpus: one JSON value a line. */
export function readCorpus<Row>(name: string): Row[] {
  const text = readFileSync(join(import.meta.dir, "corpus", `${name}.jsonl`), "utf8");
  // The corpora are files of ours, in the shape that their test names.
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
}
