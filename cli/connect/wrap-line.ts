/** Shells that run the wrapper; any other (fish, csh) is replaced by /bin/sh. */
const knownShells: ReadonlySet<string> = new Set(["bash", "sh", "dash", "ash", "zsh", "ksh", "mksh"]);

export interface Shell {
  readonly name: string;
  readonly path: string;
}

/** The environment's shell, or /bin/sh where it does not speak the language of POSIX. */
export function lineShell(shell: Shell): Shell {
  return knownShells.has(shell.name) ? shell : { name: "sh", path: "/bin/sh" };
}

/** Tells the wrapper where to leave the shell's state. It is gone before the line runs. */
export const stateVariable = "CODEX_ENV_STATE";
/** Follows the state file's name while the line is stopped by Ctrl-Z. */
export const stoppedSuffix = ".stopped";

export interface LineWrapping {
  readonly shell: Shell;
  /** Job control, so that Ctrl-Z stops the program and Ctrl-C does not hit the shell. */
  readonly tty: boolean;
  /** What `$?` is at the start of the line. */
  readonly lastExit: number;
}

/**
 * The script that runs one line and then writes directory, type-ahead and exported variables to a file, NUL after each. The file
 * is a channel of its own, so nothing that the line prints can be taken for state. A trap on EXIT does it, so `exit 3`,
 * a syntax error and Ctrl-C keep it; after `exec` and SIGKILL the old state stays. The file is private (umask), new
 * (set -C) and where no sandbox reaches (line-state-place.ts); its name travels in the environment, which other users
 * cannot see. The prelude is one line: error messages say "line 2".
 */
export function wrapLine(line: string, { shell, tty, lastExit }: LineWrapping): string {
  const prelude = [
    `__codex_env_state=$${stateVariable}`,
    `unset ${stateVariable}`,
    `trap ${quote(tty ? `__codex_env_exit=$?; ${waitWhileStopped(shell)}; ${save(tty)}; exit $__codex_env_exit` : save(tty))} EXIT`,
    // bash runs the trap on EXIT when it is interrupted; the others do not.
    ...(shell.name === "bash" ? [] : ["trap 'exit 130' INT"]),
    ...(tty ? ["set -m 2>/dev/null"] : []),
    ...(lastExit === 0 ? [] : [`(exit ${lastExit})`]),
  ];
  // A trap of the line's own would replace ours. The empty line ends a line that ends in a backslash.
  const epilogue = /\btrap\b/.test(line)
    ? `\n__codex_env_exit=$?; ${save(tty)}; (exit $__codex_env_exit)`
    : "";
  return `${prelude.join("; ")}\n${line}\n${epilogue}\n`;
}

const file = "$__codex_env_state";

/** Keys that were typed ahead and that no program has read, whole lines or not. It never waits and never stops. */
const typeAhead =
  "(trap '' TTOU TTIN; stty -icanon min 0 time 0 && dd bs=4096 count=1 | tr -d '\\000') </dev/tty";

function save(tty: boolean): string {
  const ahead = tty ? `${typeAhead}; ` : "";
  const write = `printf '%s\\0' "$PWD"; ${ahead}printf '\\0'; /usr/bin/env -0 || env -0`;
  return `(umask 077; set -C; { ${write}; } >"${file}") 2>/dev/null`;
}

/**
 * A line with a stopped program stays: it says so by a file and waits for a line on the terminal, then brings the
 * program back, as often as it is stopped. It calls itself since bash leaves every loop when a program in it is
 * stopped. Only bash shows its jobs to a subshell.
 */
function waitWhileStopped(shell: Shell): string {
  const marker = `"${file}${stoppedSuffix}"`;
  const list = `"${file}.jobs"`;
  const [before, jobs, after] =
    shell.name === "bash" ? ["", "$(jobs)", ""] : [`jobs >${list}; `, `$(cat ${list})`, `rm -f ${list}; `];
  const resume = [
    `: >${marker}`,
    "read -r __codex_env_exit </dev/tty",
    `rm -f ${marker}`,
    "fg",
    "__codex_env_exit=$?",
    "__codex_env_wait",
  ].join("; ");
  return `__codex_env_wait() { ${before}case ${jobs} in *topped*|*uspended*) ${after}${resume};; *) ${after}:;; esac; }; __codex_env_wait`;
}

/** A word that the shell takes literally. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
