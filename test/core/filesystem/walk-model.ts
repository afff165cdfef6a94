/** A directory tree as a test writes it down. */
export interface Tree {
  readonly [name: string]: Tree | "file" | "link to file" | "link to directory" | "dangling";
}

interface Limits {
  readonly maxDepth: number;
  readonly maxDirectories: number;
  readonly maxEntries: number;
  readonly pruneHiddenDirectories: boolean;
}

interface Listed {
  readonly path: string;
  readonly kind: "file" | "directory";
}

/** What fs/walk must answer for a tree without following links: PROTOCOL.md section 13, written the plain way. */
export function expectedWalk(root: string, tree: Tree, limits: Limits) {
  const entries: Listed[] = [];
  let truncated = false;
  let seen = 0;
  let directories = 1;
  const queue: { readonly path: string; readonly node: Tree; readonly depth: number }[] = [
    { path: root, node: tree, depth: 0 },
  ];
  for (const { path, node, depth } of queue) {
    const names = Object.keys(node).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (const name of names) {
      const child = node[name];
      if (child === undefined || child === "dangling") continue;
      if (seen++ === limits.maxEntries) return { entries, errors: [], truncated: true };
      if (child === "link to file" || child === "link to directory") continue;
      const childPath = `${path}/${encodeURIComponent(name)}`;
      entries.push({ path: childPath, kind: child === "file" ? "file" : "directory" });
      if (child === "file" || depth >= limits.maxDepth) continue;
      if (limits.pruneHiddenDirectories && name.startsWith(".")) continue;
      if (directories === limits.maxDirectories) truncated = true;
      else {
        directories++;
        queue.push({ path: childPath, node: child, depth: depth + 1 });
      }
    }
  }
  return { entries, errors: [], truncated };
}
