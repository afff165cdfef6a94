import { sanitise } from "./sanitise.ts";

/** Rows as aligned columns, every cell safe to show. The last column is not padded. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const safe = rows.map((row) => row.map((cell) => (plain.test(cell) ? cell : sanitise(cell))));
  const widths: number[] = [];
  for (const row of safe) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  }
  return safe
    .map((row) => `${row.map((cell, index) => pad(cell, index, { row, widths })).join("  ")}\n`)
    .join("");
}

/** Most cells: what is shown is what is counted. */
const plain = /^[ -~]*$/;

function widthOf(cell: string): number {
  return plain.test(cell) ? cell.length : Bun.stringWidth(cell);
}

interface Columns {
  readonly row: readonly string[];
  readonly widths: readonly number[];
}

function pad(cell: string, index: number, { row, widths }: Columns): string {
  if (index === row.length - 1) return cell;
  return cell + " ".repeat((widths[index] ?? 0) - widthOf(cell));
}
