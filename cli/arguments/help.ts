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
  const withRest = subject.rest === undefined ? usage : addRest(usage, subject.rest);
  const text = [withRest.trimEnd(), ...(subject.notes ?? [])].join("\n\n");
  return `${isatty(1) ? text : Bun.stripANSI(text)}\n`;
}

/** citty knows no rest: it is added to the end of the line that shows how the command is typed. */
function addRest(usage: string, rest: { readonly name: string; readonly required: boolean }): string {
  const shown = rest.required ? `-- ${rest.name}` : `[-- ${rest.name}]`;
  return usage.replace(/^(.*\[OPTIONS\].*)$/m, (line) => `${line.trimEnd()} ${shown}`);
}
