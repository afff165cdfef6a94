/** What stands at each mount point after bubblewrap has followed these arguments; the nearest one above a path holds. */
export function simulateMounts(words: readonly string[]): (path: string) => string {
  const mounts = new Map<string, string>();
  const made = new Set<string>();
  const put = (path: string, access: string) => {
    // A mount covers what was mounted below it before.
    for (const below of mounts.keys())
      if (below.startsWith(path === "/" ? "/" : `${path}/`)) mounts.delete(below);
    mounts.set(path, access);
  };
  let permissions = "755";
  for (let at = 0; at < words.length; ) {
    const [option = "", first = "", second = ""] = words.slice(at, at + 3);
    switch (option) {
      case "--bind":
        if (!visible(made, mounts, second)) throw new Error(`${second} is mounted on nothing that is there`);
        put(second, first === second ? "write" : `write of ${first}`);
        at += 3;
        break;
      case "--ro-bind":
        put(second, first === second ? "read" : "masked");
        at += 3;
        break;
      case "--bind-try":
        put(second, "own");
        at += 3;
        break;
      case "--ro-bind-try":
        put(second, "read");
        at += 3;
        break;
      case "--mask":
        put(first, "masked");
        at += 2;
        break;
      case "--perms":
        permissions = first;
        at += 2;
        break;
      case "--tmpfs":
        put(first, ["000", "111"].includes(permissions) ? "masked" : first === "/" ? "hidden" : "own");
        permissions = "755";
        at += 2;
        break;
      case "--dev":
      case "--proc":
        put(first, "own");
        at += 2;
        break;
      case "--dir":
        made.add(first);
        permissions = "755";
        at += 2;
        break;
      case "--symlink":
        at += 3;
        break;
      case "--remount-ro":
      case "--seccomp":
      case "--cap-drop":
        at += 2;
        break;
      default:
        if (!option.startsWith("--unshare") && !/^--(as-pid-1|die-with-parent|new-session)$/.test(option)) {
          throw new Error(`what is ${option}?`);
        }
        at += 1;
    }
  }
  return (path) => nearest(mounts, path);
}

/** In a masked directory only what was made there can be mounted on; everywhere else bubblewrap finds or makes the place. */
function visible(made: ReadonlySet<string>, mounts: ReadonlyMap<string, string>, path: string): boolean {
  const above = path.slice(0, path.lastIndexOf("/")) || "/";
  return nearest(mounts, above) !== "masked" || mounts.get(above) === "masked" || made.has(above);
}

function nearest(mounts: ReadonlyMap<string, string>, path: string): string {
  for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const access = mounts.get(at);
    if (access !== undefined) return access;
  }
  return mounts.get("/") ?? "nothing is mounted";
}
