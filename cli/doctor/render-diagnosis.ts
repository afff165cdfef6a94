import { sanitise } from "../terminal/sanitise.ts";
import type { Check } from "./check.ts";
import type { Diagnosis } from "./diagnosis.ts";

const marks = { ok: "ok", note: "note", fails: "FAILS" } as const;
const colours = { ok: 32, note: 33, fails: 31 } as const;
const markWidth = Math.max(...Object.values(marks).map((mark) => mark.length));

/** A line for each check, the cure below what fails, and the verdict at the end. */
export function renderDiagnosis({ checks, verdict }: Diagnosis, coloured: boolean): string {
  const width = Math.max(...checks.map(({ title }) => title.length));
  const lines = checks.flatMap((check) => {
    const line = `${mark(check, coloured)}  ${check.title.padEnd(width)}  ${sanitise(check.finding)}`;
    if (check.cure === undefined) return [line];
    return [line, `${" ".repeat(markWidth + width + 4)}cure: ${sanitise(check.cure)}`];
  });
  return `${lines.join("\n")}\n\n${sanitise(verdict)}\n`;
}

function mark({ state }: Check, coloured: boolean): string {
  const text = marks[state].padEnd(markWidth);
  return coloured ? `\x1b[${colours[state]}m${text}\x1b[0m` : text;
}
