import { readFileSync } from "node:fs";
import { isatty } from "node:tty";

/** Whether stdin is a terminal whose keys come to us: in the background, reading or changing it would stop us. */
export function readsKeys(): boolean {
  if (!isatty(0)) return false;
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    // The name, in parentheses, may hold anything; then come state, parent, group, session, terminal, its group.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[2] === fields[5];
  } catch {
    // No /proc, as on macOS: nothing is known, so nothing is touched.
    return false;
  }
}
