/** Where a line left the shell. */
export interface ShellSnapshot {
  readonly cwd: string;
  /** Every exported variable whose value is text. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Set by the shell for each command; carrying them on would be wrong. */
const perCommand: ReadonlySet<string> = new Set(["_", "SHLVL", "PWD", "OLDPWD"]);

/** Reads the state file of a line: the directory, then NAME=VALUE, NUL after each. Undefined: it is not whole. */
export function parseSnapshot(bytes: Uint8Array): ShellSnapshot | undefined {
  if (bytes.at(-1) !== 0) return undefined;
  const [directory = "", ...entries] = new TextDecoder().decode(bytes.subarray(0, -1)).split("\0");
  if (!directory.startsWith("/")) return undefined;
  const variables: Record<string, string> = Object.create(null);
  for (const entry of entries) {
    const equals = entry.indexOf("=", 1);
    if (equals < 0) continue;
    const name = entry.slice(0, equals);
    if (!perCommand.has(name)) variables[name] = entry.slice(equals + 1);
  }
  return { cwd: directory, variables };
}
