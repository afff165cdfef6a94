/** Options of bubblewrap that every sandbox of ours is made with. All of them are in 0.5.0 (2021) and later. */
export const REQUIRED_OPTIONS = [
  "--args",
  "--as-pid-1",
  "--bind",
  "--bind-try",
  "--cap-drop",
  "--chdir",
  "--dev",
  "--die-with-parent",
  "--dir",
  "--new-session",
  "--perms",
  "--proc",
  "--remount-ro",
  "--ro-bind",
  "--seccomp",
  "--symlink",
  "--tmpfs",
  "--unshare-cgroup",
  "--unshare-ipc",
  "--unshare-net",
  "--unshare-pid",
  "--unshare-user",
  "--unshare-uts",
] as const;

/** Options named by what `bwrap --help` prints. */
export function optionsIn(help: string): ReadonlySet<string> {
  return new Set([...help.matchAll(/^ +(--[a-z0-9-]+)/gm)].map(([, option = ""]) => option));
}

/** Those of {@link REQUIRED_OPTIONS} that are not there. */
export function missingOptions(options: ReadonlySet<string>): readonly string[] {
  return REQUIRED_OPTIONS.filter((option) => !options.has(option));
}
