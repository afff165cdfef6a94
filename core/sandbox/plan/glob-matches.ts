import { compileGlob, type NamePattern, type Part, type Token } from "./compile-glob.ts";
import type { DenyGlob } from "./deny-glob.ts";

/** How much of a pattern the names so far have matched: the parts that may come next. */
export type GlobProgress = readonly number[];

/** Whether a path is denied by a glob: it matches, or something above it does. */
export function globMatches(glob: DenyGlob, path: string): boolean {
  return deepestMatch(glob, path) !== -1;
}

/** The length of the longest beginning of `path` (whole names) that matches; -1 when none does. */
export function deepestMatch(glob: DenyGlob, path: string): number {
  if (!path.startsWith(`${glob.base}/`)) return -1;
  let deepest = -1;
  let progress = beginGlob(glob);
  for (let start = glob.base.length + 1; start <= path.length; ) {
    const slash = path.indexOf("/", start);
    const end = slash === -1 ? path.length : slash;
    const next = stepGlob(glob, progress, path.slice(start, end));
    if (next.matched) deepest = end;
    if (next.progress.length === 0) break;
    progress = next.progress;
    start = end + 1;
  }
  return deepest;
}

/** Where matching starts, in the glob's base. */
export function beginGlob(glob: DenyGlob): GlobProgress {
  return withoutNames(partsOf(glob), [0]);
}

/** One name further down: whether it matches the whole pattern, and what could match below it (empty: nothing). */
export function stepGlob(
  glob: DenyGlob,
  progress: GlobProgress,
  name: string,
): { readonly matched: boolean; readonly progress: GlobProgress } {
  const parts = partsOf(glob);
  const next: number[] = [];
  for (const index of progress) {
    const part = parts[index];
    if (part === undefined) continue;
    if (part === "anyNames") next.push(index);
    else if (nameMatches(part, name)) next.push(index + 1);
  }
  const reached = withoutNames(parts, next);
  return {
    matched: reached.includes(parts.length),
    progress: reached.filter((index) => index < parts.length),
  };
}

/** `anyNames` may stand for none: what follows it may come at once. */
function withoutNames(parts: readonly Part[], indexes: readonly number[]): number[] {
  const reached = new Set<number>();
  for (let index of indexes) {
    reached.add(index);
    while (parts[index] === "anyNames") reached.add(++index);
  }
  return [...reached];
}

/** Without backtracking beyond the last `*`: a hostile name costs its length times the pattern's. */
function nameMatches(pattern: NamePattern, name: string): boolean {
  const characters = [...name];
  let token = 0;
  let position = 0;
  let resumeToken = -1;
  let resumePosition = 0;
  while (position < characters.length) {
    const wanted = pattern[token];
    if (wanted?.kind === "many") {
      resumeToken = ++token;
      resumePosition = position;
    } else if (wanted !== undefined && tokenMatches(wanted, characters[position] ?? "")) {
      token++;
      position++;
    } else if (resumeToken !== -1) {
      token = resumeToken;
      position = ++resumePosition;
    } else return false;
  }
  while (pattern[token]?.kind === "many") token++;
  return token === pattern.length;
}

function tokenMatches(token: Exclude<Token, { readonly kind: "many" }>, character: string): boolean {
  switch (token.kind) {
    case "any":
      return true;
    case "character":
      return token.character === character;
    case "class": {
      const code = character.codePointAt(0) ?? 0;
      return token.ranges.some(([first, last]) => first <= code && code <= last) !== token.negated;
    }
  }
}

const compiled = new WeakMap<DenyGlob, readonly Part[]>();

function partsOf(glob: DenyGlob): readonly Part[] {
  let parts = compiled.get(glob);
  if (parts === undefined) {
    parts = compileGlob(glob.rest);
    compiled.set(glob, parts);
  }
  return parts;
}
