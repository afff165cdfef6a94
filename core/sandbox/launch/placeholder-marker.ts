import { type BigIntStats, lstatSync, readdirSync, type Stats } from "node:fs";

const sticky = 0o1000;

/** Permissions of placeholders. The sticky bit does nothing there; other accounts' servers know them by it. */
export const markedMode = { directory: 0o1755, file: 0o1644 } as const;

/** Whether what stands there looks like a placeholder: marked and empty. */
export function looksLikePlaceholder(path: string, stands: Stats | BigIntStats): boolean {
  if ((Number(stands.mode) & sticky) === 0) return false;
  if (stands.isFile()) return Number(stands.size) === 0;
  try {
    return stands.isDirectory() && readdirSync(path).length === 0;
  } catch {
    return false;
  }
}

/** Whether something stands at a path that is no placeholder, which may vanish at any time. */
export function standsToStay(path: string): boolean {
  try {
    const stands = lstatSync(path, { throwIfNoEntry: false });
    return stands !== undefined && !looksLikePlaceholder(path, stands);
  } catch {
    // Below a file, for one.
    return false;
  }
}
