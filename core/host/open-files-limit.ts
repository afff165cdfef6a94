interface OpenFilesLimit {
  readonly soft: number;
  readonly hard: number;
}

function limitOf(pid: number | "self"): OpenFilesLimit | undefined {
  // Loaded here, as a server asks only after it has begun to listen.
  const { readFileSync } = process.getBuiltinModule("node:fs");
  try {
    const found = /^Max open files\s+(\d+)\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, "latin1"));
    return found === null ? undefined : { soft: Number(found[1]), hard: Number(found[2]) };
  } catch {
    // No /proc, or the parent belongs to somebody else.
    return undefined;
  }
}

/**
 * The soft limit of open files that this process was started with, or 0 when that cannot be told. Bun raises its own
 * to the hard limit at start-up, and commands must not inherit that: programs close every number up to the limit, or
 * use select, which fails above 1,024. The limit comes from the parent, so a parent with the same hard limit and a
 * lower soft one tells what was there before.
 */
export function originalOpenFilesLimit(): number {
  const own = limitOf("self");
  const parent = limitOf(process.ppid);
  if (own === undefined || parent === undefined) return 0;
  return parent.hard === own.hard && parent.soft < own.soft ? parent.soft : 0;
}

/** How many files this process may have open, now that Bun has raised the limit; `Infinity` when that cannot be told. */
export function openFilesLimit(): number {
  return limitOf("self")?.soft ?? Number.POSITIVE_INFINITY;
}
