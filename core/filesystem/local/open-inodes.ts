import type { Stats } from "node:fs";

/** How many handles of this server are open on each file. */
const handles = new Map<string, number>();

/** Until disposed the file counts as open: it is then written in place, so that its handles see the new content. */
export function markOpen(found: Stats): Disposable {
  const key = keyOf(found);
  handles.set(key, (handles.get(key) ?? 0) + 1);
  return {
    [Symbol.dispose]() {
      const left = (handles.get(key) ?? 1) - 1;
      if (left === 0) handles.delete(key);
      else handles.set(key, left);
    },
  };
}

export function isOpenHere(found: Stats): boolean {
  return handles.size > 0 && handles.has(keyOf(found));
}

function keyOf(found: Stats): string {
  return `${found.dev}:${found.ino}`;
}
