import { limits } from "../../core/limits.ts";

/** One name in a directory, and what is to be made of it; `kind` rejects for what cannot be copied. */
export interface TreeEntry {
  readonly name: string;
  kind(): Promise<"file" | "directory">;
}

/** A directory that was read: what lies in it is known before anything of it is written. */
export interface ListedDirectory {
  readonly files: readonly string[];
  readonly directories: ReadonlyMap<string, ListedDirectory>;
}

export interface TreeToList {
  readonly signal: AbortSignal;
  read(path: string): Promise<readonly TreeEntry[]>;
  /** One name that cannot be copied; the others go on. */
  failed(below: string, error: unknown): void;
}

/** More than one copy may hold in memory, so none of it is begun. */
class TreeTooLargeError extends Error {
  override readonly name = "TreeTooLargeError";
}

/**
 * Reads the whole tree below `root`. The copy may come to lie in what is copied, under whatever names the two sides know
 * it by: what is listed before the first write cannot be a copy of ours, so there is an end.
 */
export async function listTree(tree: TreeToList, root: string): Promise<ListedDirectory> {
  let entries = 0;
  const visit = async (below: string, depth: number): Promise<ListedDirectory> => {
    const files: string[] = [];
    const directories = new Map<string, ListedDirectory>();
    for (const { name, kind } of await tree.read(pathIn(root, below))) {
      tree.signal.throwIfAborted();
      if (++entries > limits.copyEntries) {
        throw new TreeTooLargeError(`it holds more than ${limits.copyEntries} files and directories`);
      }
      const path = `${below}/${name}`;
      try {
        if ((await kind()) === "file") {
          files.push(name);
          continue;
        }
        if (depth === limits.copyDepth)
          throw new Error(`it lies more than ${limits.copyDepth} directories deep`);
        directories.set(name, await visit(path, depth + 1));
      } catch (error) {
        if (tree.signal.aborted || error instanceof TreeTooLargeError) throw error;
        tree.failed(path, error);
      }
    }
    return { files, directories };
  };
  return await visit("", 0);
}

/** `below` is empty or begins with a slash. */
export function pathIn(root: string, below: string): string {
  if (below === "") return root;
  return `${root === "/" ? "" : root}${below}`;
}
