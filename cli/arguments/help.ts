import { isatty } from "node:tty";
import { type CommandDef, renderUsage } from "citty";
import { cittyDefinitions } from "./citty-definitions.ts";
import type { ArgumentDefinitions } from "./definition.ts";

export interface HelpSubject {
  readonly name: string;
  readonly summary: string;
  readonly args: ArgumentDefinitions;
  readonly rest?: { readonly name: string; readonly required: boolean };
  readonly notes?: readonly string[];
}

/** The help of one command as text for stdout, coloured only on a terminal. */
export async function renderHelp(subject: HelpSubject): Promise<string> {
  const definition: CommandDef = {
    meta: { name: subject.name, description: subject.summary },
    args: cittyDefinitions({
      ...subject.args,
      help: { type: "boolean", alias: "h", description: "Show this help" },
    }),
  };
  const usage = await renderUsage(definition);
  const lines = usage
    .split("\n")
    .map((line) => (line.includes("[OPTIONS]") ? usageLine(line, subject) : line));
  const text = [lines.join("\n").trimEnd(), ...(subject.notes ?? [])].join("\n\n");
  return `${isatty(1) ? text : Bun.stripANSI(text).replace(/ +$/gm, "")}\n`;
}

/** How the command is typed. citty knows no rest, which follows all else. */
function usageLine(line: string, { rest }: HelpSubject): string {
  const plain = Bun.stripANSI(line).trimEnd();
  if (rest === undefined) return plain;
  return `${plain} ${rest.required ? `-- ${rest.name}` : `[-- ${rest.name}]`}`;
}
