/** What the binary becomes; it looks at the name it was called by. */
export type Mode = "command line" | "filesystem helper" | "sandbox launcher";

/** Every name that the binary answers to. Any other name (a renamed download) is the command line. */
const modes: ReadonlyMap<string, Mode> = new Map([
  ["codex-env", "command line"],
  ["codex-fs", "filesystem helper"],
  ["codex-linux-sandbox", "sandbox launcher"],
]);

/** `argv0` is what the caller put there: a path, a bare name, the name of a symlink. */
export function modeFor(argv0: string): Mode {
  const name = argv0.slice(argv0.lastIndexOf("/") + 1);
  return modes.get(name) ?? "command line";
}
