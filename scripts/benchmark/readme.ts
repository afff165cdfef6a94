import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

const begin = "<!-- bench -->";
const end = "<!-- /bench -->";

export interface Measured {
  readonly started: Date;
  readonly rounds: number;
}

/** Puts the table between the markers of a Markdown file, with when and on what it was measured. */
export async function writeReadme(path: string, table: string, { started, rounds }: Measured): Promise<void> {
  const text = readFileSync(path, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no place for the table: ${begin} … ${end}`);
  const date = started.toISOString().slice(0, 10);
  const gib = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpus().length} cores, ${gib} GiB, Linux ${process.arch}`;
  const note =
    `Measured ${date} on ${machine} (a shared virtual machine): medians of ${rounds} rounds, the reference with its ` +
    "default flags and this server turning about in one run. `scripts/bench --readme` makes this table anew; " +
    "ratios hold, absolute figures depend on the machine.";
  await Bun.write(path, `${text.slice(0, from)}${begin}\n${note}\n\n${table}\n${text.slice(to)}`);
}
