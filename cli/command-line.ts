import { layOutHelp } from "./arguments/help-page.ts";
import { commandTable } from "./command-table.ts";
import { printNotice, printResult } from "./terminal/print.ts";
import { version } from "./version.ts";

/** The exit code of bad usage. */
const badUsage = 2;

/** `codex-env WORDS`: runs the command that the first word names and resolves to its exit code. */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === "--version" || name === "-V") return await say(`${version}\n`);
  if (name === "--help" || name === "-h" || (name === "help" && rest.length === 0))
    return await say(overview());
  if (name === undefined) {
    await printNotice(overview());
    return badUsage;
  }
  const wanted = name === "help" ? rest[0] : name;
  const entry = commandTable.find((candidate) => candidate.name === wanted);
  if (entry === undefined) return await refuse(wanted ?? name);
  const { default: command } = await entry.load();
  return await command.execute(name === "help" ? ["--help", ...rest.slice(1)] : rest);
}

async function say(text: string): Promise<number> {
  await printResult(text);
  return 0;
}

async function refuse(word: string): Promise<number> {
  const [{ suggestion }, { sanitise }] = await Promise.all([
    import("./arguments/nearest.ts"),
    import("./terminal/sanitise.ts"),
  ]);
  const isFlag = word.startsWith("-");
  const known = isFlag ? ["--help", "--version"] : commandTable.map((entry) => entry.name);
  const kind = isFlag ? "flag" : "command";
  await printNotice(
    `codex-env: unknown ${kind} ${sanitise(word)}${suggestion(word, known)}\nTry codex-env --help\n`,
  );
  return badUsage;
}

function overview(): string {
  return layOutHelp({
    summary: "A safe, fast, lossless execution environment for coding agents.",
    usage: ["codex-env COMMAND [FLAGS]", "codex-env COMMAND --help", "codex-env --version"],
    sections: [
      { kind: "table", title: "Commands", rows: commandTable.map(({ name, summary }) => [name, summary]) },
    ],
  });
}
