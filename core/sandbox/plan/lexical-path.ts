/** The directory that holds an absolute normal path; `/` holds itself. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 1));
}

/** One name more, below an absolute normal path. */
export function childPath(path: string, name: string): string {
  return path === "/" ? `/${name}` : `${path}/${name}`;
}

/** Whether a normal path is another or lies below it. */
export function isWithin(path: string, place: string): boolean {
  return path === place || place === "/" || path.startsWith(`${place}/`);
}

/** A relative path below a directory, without `.` and `..`; null when it is absolute or climbs out. */
export function descend(directory: string, relative: string): string | null {
  if (relative.startsWith("/")) return null;
  const names: string[] = [];
  for (const name of relative.split("/")) {
    if (name === "..") {
      if (names.pop() === undefined) return null;
    } else if (name !== "" && name !== ".") names.push(name);
  }
  return names.length === 0 ? directory : childPath(directory, names.join("/"));
}

/** An absolute path without `.`, `..` and repeated slashes. */
export function normalPath(path: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return `/${names.join("/")}`;
}
