import { dlopen } from "bun:ffi";
import { readdirSync, readFileSync } from "node:fs";

const prSetChildSubreaper = 36;

/**
 * Makes this process the parent of every orphan below it, so that a process which a test left behind, however
 * it was detached, is still found among our descendants. Linux only; elsewhere nothing is adopted.
 */
export function adoptOrphans(): void {
  if (process.platform !== "linux") return;
  for (const name of ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"]) {
    try {
      const libc = dlopen(name, { prctl: { args: ["i32", "u64", "u64", "u64", "u64"], returns: "i32" } });
      libc.symbols.prctl(prSetChildSubreaper, 1n, 0n, 0n, 0n);
      return;
    } catch {
      // The next name is that of another libc.
    }
  }
}

export interface Descendant {
  readonly pid: number;
  /** Its argv, joined by spaces. */
  readonly command: string;
}

/** Every living process below this one. Zombies are not counted: they run no more. */
export function descendants(): readonly Descendant[] {
  if (process.platform !== "linux") return [];
  const children = new Map<number, number[]>();
  for (const pid of readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)) {
    const parent = livingParent(pid);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [...(children.get(process.pid) ?? [])];
  // The list grows while it is walked: a child found is a parent to look below.
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found.map((pid) => ({ pid, command: commandOf(pid) }));
}

/** The parent of a process that is neither gone nor a zombie. */
function livingParent(pid: number): number | undefined {
  const stat = readProc(pid, "stat");
  // The name in parentheses may hold anything, a parenthesis too: what counts follows the last one.
  const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return parent === undefined || state === "Z" || state === "X" ? undefined : Number(parent);
}

function commandOf(pid: number): string {
  return readProc(pid, "cmdline").replaceAll("\0", " ").trim();
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return ""; // It has ended meanwhile.
  }
}
