/** What stands on the left, and what is said of it. */
export type HelpRow = readonly [label: string, description: string];

/** A part of a page: a paragraph, a table with its title, or lines with their title that stay as they are. */
export type HelpSection =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "table"; readonly title: string; readonly rows: readonly HelpRow[] }
  | { readonly kind: "lines"; readonly title: string; readonly lines: readonly string[] };

export interface HelpPage {
  /** One line, without a full stop. */
  readonly summary: string;
  /** The ways to type the command. */
  readonly usage: readonly string[];
  readonly sections: readonly HelpSection[];
}

/** Columns that every terminal has. */
const pageWidth = 80;

/** A label that is wider has its description below it, columns. */
const widestLabel = 26;

/** The one layout of every help: summary, usage, sections; 80 columns wide. */
export function layOutHelp({ summary, usage, sections }: HelpPage): string {
  const [first, ...others] = usage;
  const forms = [`Usage: ${first}`, ...others.map((form) => `       ${form}`)];
  const parts = [summary, forms.join("\n"), ...sections.filter(hasContent).map(layOutSection)];
  return `${parts.join("\n\n")}\n`;
}

function hasContent(section: HelpSection): boolean {
  switch (section.kind) {
    case "text":
      return section.text !== "";
    case "table":
      return section.rows.length > 0;
    case "lines":
      return section.lines.length > 0;
  }
}

function layOutSection(section: HelpSection): string {
  switch (section.kind) {
    case "text":
      return wrapHelp(section.text);
    case "table":
      return [`${section.title}:`, ...layOutTable(section.rows)].join("\n");
    case "lines":
      return [`${section.title}:`, ...section.lines.map((line) => `  ${line}`)].join("\n");
  }
}

/** A paragraph as lines of the page. */
export function wrapHelp(text: string): string {
  return wrapped(text, 0).join("\n");
}

/** Rows as lines of the page, without a title. */
export function layOutTable(rows: readonly HelpRow[]): readonly string[] {
  const labels = rows.map(([label]) => label.length).filter((length) => length <= widestLabel);
  const column = 2 + Math.max(0, ...labels) + 2;
  const margin = " ".repeat(column);
  return rows.flatMap(([label, description]) => {
    const lines = wrapped(description, column).map((line) => margin + line);
    const head = `  ${label}`;
    if (label.length > widestLabel) return [head, ...lines];
    const [first = "", ...others] = lines;
    return [(head.padEnd(column) + first.slice(column)).trimEnd(), ...others];
  });
}

function wrapped(text: string, margin: number): readonly string[] {
  return Bun.wrapAnsi(text, pageWidth - margin).split("\n");
}
