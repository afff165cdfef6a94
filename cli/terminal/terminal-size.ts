interface Sized {
  readonly columns: number;
  readonly rows: number;
}

/** Rows and columns of the terminal on stdout (or stderr), or 24 x 80 where there is none. */
export function terminalSize(): { readonly rows: number; readonly columns: number } {
  const { columns, rows } = [process.stdout, process.stderr].find(isKnown) ?? { columns: 80, rows: 24 };
  return { rows, columns };
}

/** Some terminals say 0 x 0 when they do not know. */
function isKnown({ columns, rows }: Sized): boolean {
  return columns > 0 && rows > 0;
}
