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

/** A relative path below a directory; null when it is absolute or has a `..`. */
export function descend(directory: string, relative: string): string | null {
  const names = relative.split("/").filter((name) => name !== "" && name !== ".");
  if (relative.startsWith("/") || names.includes("..")) return null;
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
