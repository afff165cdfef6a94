import { renderUsage } from "citty";
import { cittyDefinitions } from "./citty-definitions.ts";
import type { ArgumentDefinitions } from "./definition.ts";
import { type HelpRow, layOutHelp } from "./help-page.ts";

export interface HelpSubject {
  readonly name: string;
  readonly summary: string;
  readonly args: ArgumentDefinitions;
  readonly rest?: { readonly name: string; readonly required: boolean };
  readonly usage?: readonly string[];
  readonly notes?: readonly string[];
  readonly examples?: readonly string[];
  readonly exitCodes?: readonly HelpRow[];
}

/** The help of one command as text for stdout. */
export async function renderHelp(subject: HelpSubject): Promise<string> {
  const { summary, args, notes = [], examples = [], exitCodes = [] } = subject;
  const { positionals, flags } = await describedArguments(args);
  return layOutHelp({
    summary,
    usage: subject.usage ?? [usageLine(subject)],
    sections: [
      { kind: "table", title: "Arguments", rows: positionals },
      { kind: "table", title: "Flags", rows: flags },
      ...notes.map((text) => ({ kind: "text", text }) as const),
      { kind: "lines", title: "Examples", lines: examples },
      { kind: "table", title: "Exit codes", rows: exitCodes },
    ],
  });
}

/** How the command is typed. */
function usageLine({ name, args, rest }: HelpSubject): string {
  const words = [name, "[FLAGS]"];
  for (const [argument, definition] of Object.entries(args)) {
    if (definition.type !== "positional") continue;
    const word = argument.toUpperCase();
    words.push(definition.required === false ? `[${word}]` : word);
  }
  if (rest !== undefined) words.push(rest.required ? `-- ${rest.name}` : `[-- ${rest.name}]`);
  return words.join(" ");
}

interface DescribedArguments {
  readonly positionals: readonly HelpRow[];
  readonly flags: readonly HelpRow[];
}

/** What citty has to say of each argument. It sets it as wide as the widest flag, so it is set anew. */
async function describedArguments(args: ArgumentDefinitions): Promise<DescribedArguments> {
  const help = { type: "boolean", alias: "h", description: "Show this help" } as const;
  const usage = await renderUsage({ args: cittyDefinitions({ ...args, help }) });
  const [before = "", flags = ""] = Bun.stripANSI(usage).split("\nOPTIONS\n");
  const [, positionals = ""] = before.split("\nARGUMENTS\n");
  return { positionals: rowsOf(positionals), flags: rowsOf(flags).map(inColumns) };
}

/** citty's lines: the label at the right of its column, four spaces, the description. */
function rowsOf(section: string): readonly HelpRow[] {
  return [...section.matchAll(/^ +(\S.*?) {4}(.*)$/gm)].map(([, label = "", description = ""]) => [
    label,
    description.trimEnd(),
  ]);
}

/** `--url=<URL>` as it is typed, with room for the letter that others have. */
function inColumns([label, description]: HelpRow): HelpRow {
  const typed = label.replace(/=<(.*)>$/, " $1");
  return [typed.startsWith("--") ? `    ${typed}` : typed, description];
}
