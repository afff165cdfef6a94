import type { Repl } from "./repl.ts";

/** placeholder */
export async function interactive(_repl: Repl): Promise<number> {
  return 0;
}
