import { layOutHelp } from "../arguments/help-page.ts";
import { suggestion } from "../arguments/nearest.ts";
import type { Command } from "../command.ts";
import { printNotice, printResult } from "../terminal/print.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { type Subcommand, subcommands } from "./subcommands.ts";

const summary = "List, add, change and check the environments by name";

const command: Command = {
  summary,
  async execute([name, ...rest]) {
    if (name === "--help" || name === "-h" || name === "help") return await help(rest[0]);
    if (name === undefined) return await say(printNotice, overview(), 2);
    const found = subcommands.find((candidate) => candidate.name === name);
    if (found === undefined) return await say(printNotice, unknown(name), 2);
    return await run(found, rest);
  },
};

export default command;

/** `codex-env help env add` comes here as well. */
async function help(name: string | undefined): Promise<number> {
  const found = subcommands.find((candidate) => candidate.name === name);
  return found === undefined ? await say(printResult, overview(), 0) : await run(found, ["--help"]);
}

async function run({ load }: Subcommand, rest: readonly string[]): Promise<number> {
  const { default: subcommand } = await load();
  return await subcommand.execute(rest);
}

function unknown(word: string): string {
  const kind = word.startsWith("-") ? "flag" : "command";
  const names = kind === "flag" ? ["--help"] : subcommands.map(({ name }) => name);
  return `codex-env env: unknown ${kind} ${sanitise(word)}${suggestion(word, names)}\nTry codex-env env --help\n`;
}

async function say(print: (text: string) => Promise<void>, text: string, exitCode: number): Promise<number> {
  await print(text);
  return exitCode;
}

function overview(): string {
  return layOutHelp({
    summary,
    usage: ["codex-env env COMMAND [FLAGS]", "codex-env env COMMAND --help"],
    sections: [
      { kind: "table", title: "Commands", rows: subcommands.map(({ name, summary: line }) => [name, line]) },
      {
        kind: "text",
        text: "They are configured in environments.toml of CODEX_HOME (~/.codex), which Codex reads as well; what only codex-env knows lies beside it in codex-env.toml. Without the file CODEX_EXEC_SERVER_URL names the one environment there is.",
      },
    ],
  });
}
