/** Where a line left the shell. */
export interface ShellSnapshot {
  readonly cwd: string;
  /** Keys that the line's terminal had and no program read. The other side says so: see {@link ownKeys}. */
  readonly typeAhead: string;
  /** Every exported variable whose value is text. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Set by the shell for each command; carrying them on would be wrong. */
const perCommand: ReadonlySet<string> = new Set(["_", "SHLVL", "PWD", "OLDPWD"]);

/**
 * Reads the state file of a line: directory, type-ahead, then NAME=VALUE, NUL after each. A variable that is not UTF-8 cannot
 * travel in JSON and is left out. Undefined: the file is not whole, or the directory is not UTF-8.
 */
export function parseSnapshot(bytes: Uint8Array): ShellSnapshot | undefined {
  if (bytes.at(-1) !== 0) return undefined;
  const [directory, typeAhead = "", ...entries] = pieces(bytes);
  if (directory === undefined || !directory.startsWith("/")) return undefined;
  const variables: Record<string, string> = Object.create(null);
  for (const entry of entries) {
    const equals = entry?.indexOf("=", 1) ?? -1;
    if (entry === undefined || equals < 0) continue;
    const name = entry.slice(0, equals);
    if (!perCommand.has(name)) variables[name] = entry.slice(equals + 1);
  }
  return { cwd: directory, typeAhead, variables };
}

/** What stands between the NULs; undefined for what is not UTF-8. */
function pieces(bytes: Uint8Array): (string | undefined)[] {
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const found: (string | undefined)[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0, from);
    try {
      found.push(utf8.decode(bytes.subarray(from, end)));
    } catch {
      found.push(undefined);
    }
    from = end + 1;
  }
  return found;
}

/**
 * Type-ahead becomes input of the REPL, whose commands reach files of this machine, and a program over there could write
 * anything into the state file. So only what was really typed, at the end of it, counts; else nothing.
 */
export function ownKeys(typeAhead: string, typed: Uint8Array): Uint8Array {
  const keys = new TextEncoder().encode(typeAhead);
  const end = typed.subarray(typed.length - keys.length);
  // The terminal makes line feeds of the Enter key.
  const same =
    keys.length <= typed.length && keys.every((key, at) => key === end[at] || (key === 10 && end[at] === 13));
  return same ? keys : new Uint8Array(0);
}
