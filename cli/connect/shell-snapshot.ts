/** Where a line left the shell. */
export interface ShellSnapshot {
  readonly cwd: string;
  /** Every exported variable whose value is text. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Set by the shell for each command; carrying them on would be wrong. */
const perCommand: ReadonlySet<string> = new Set(["_", "SHLVL", "PWD", "OLDPWD"]);

/**
 * Reads the state file of a line: the directory, then NAME=VALUE, NUL after each. A variable that is not UTF-8 cannot
 * travel in JSON and is left out. Undefined: the file is not whole, or the directory is not UTF-8.
 */
export function parseSnapshot(bytes: Uint8Array): ShellSnapshot | undefined {
  if (bytes.at(-1) !== 0) return undefined;
  const [directory, ...entries] = pieces(bytes);
  if (directory === undefined || !directory.startsWith("/")) return undefined;
  const variables: Record<string, string> = Object.create(null);
  for (const entry of entries) {
    const equals = entry?.indexOf("=", 1) ?? -1;
    if (entry === undefined || equals < 0) continue;
    const name = entry.slice(0, equals);
    if (!perCommand.has(name)) variables[name] = entry.slice(equals + 1);
  }
  return { cwd: directory, variables };
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
