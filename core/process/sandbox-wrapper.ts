/** The launcher's name on a client's own disk, which an executor does not have. */
const LAUNCHER = "codex-linux-sandbox";

/**
 * Clients up to 0.131.0 wrap a command by themselves: argv[0], or arg0, is the `codex-linux-sandbox` of the client's
 * own disk and the policy stands among the arguments. Such a start asks for a sandbox although it carries no `sandbox`.
 */
export function isSandboxWrapper(argv: readonly string[], arg0: string | null): boolean {
  return [argv[0], arg0].some(
    (name) => typeof name === "string" && name.slice(name.lastIndexOf("/") + 1) === LAUNCHER,
  );
}
