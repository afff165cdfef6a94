import type { Dirent } from "node:fs";
import { mkdir, readdir, stat } from "node:fs/promises";
import type { FileSystem } from "../../core/filesystem/file-system.ts";
import { tellingDanglingLink } from "./dangling-link.ts";
import { download } from "./download.ts";
import { type ListedDirectory, listTree, pathIn, type TreeEntry } from "./list-tree.ts";
import { type Relay, relay } from "./relay.ts";
import type { Transfer } from "./transfer.ts";
import { upload } from "./upload.ts";

/** One file that could not be copied; the others go on. */
export type TreeFailure = (from: string, to: string, error: unknown) => void;

/**
 * Copies a directory of the environment. Links to files become files; links to directories are left out, since they may
 * lead back up. Resolves when every file was tried.
 */
export async function downloadTree(
  transfer: Transfer,
  from: string,
  to: string,
  failed: TreeFailure,
): Promise<void> {
  await fetchTree(
    {
      files: transfer.client.files,
      signal: transfer.signal,
      makeDirectory: async (path) => void (await mkdir(path, { recursive: true })),
      fetch: (path, target) => download(transfer, path, target),
      failed,
    },
    from,
    to,
  );
}

/** The same to another environment. */
export async function relayTree(
  transfer: Relay,
  from: string,
  to: string,
  failed: TreeFailure,
): Promise<void> {
  await fetchTree(
    {
      files: transfer.source.files,
      signal: transfer.signal,
      makeDirectory: async (path) => await transfer.client.files.createDirectory(path, { recursive: true }),
      fetch: (path, target) => relay(transfer, path, target),
      failed,
    },
    from,
    to,
  );
}

interface TreeFetch {
  readonly files: FileSystem;
  readonly signal: AbortSignal;
  makeDirectory(path: string): Promise<void>;
  fetch(path: string, target: string): Promise<void>;
  readonly failed: TreeFailure;
}

async function fetchTree(tree: TreeFetch, from: string, to: string): Promise<void> {
  const { files, signal, failed } = tree;
  const read = async (directory: string): Promise<readonly TreeEntry[]> =>
    (await files.readDirectory(directory)).map(({ fileName: name, isDirectory, isFile }) => ({
      name,
      async kind() {
        if (isUnsafeName(name)) throw new Error("the server names it in a way that leads elsewhere");
        if (isFile) return "file";
        if (!isDirectory) throw new Error("it is neither a file nor a directory");
        const { isSymlink } = await files.getMetadata(pathIn(directory, `/${name}`));
        if (isSymlink) throw new Error("it is a link to a directory");
        return "directory";
      },
    }));
  await copyListed(
    { read, signal, makeDirectory: tree.makeDirectory, copyFile: tree.fetch, failed },
    from,
    to,
  );
}

/** The other way: copies a local directory into the environment. */
export async function uploadTree(
  transfer: Transfer,
  from: string,
  to: string,
  failed: TreeFailure,
): Promise<void> {
  const read = async (directory: string): Promise<readonly TreeEntry[]> =>
    (await readdir(directory, { withFileTypes: true })).map((entry) => ({
      name: entry.name,
      async kind() {
        if (entry.isDirectory()) return "directory";
        if (await isFile(entry, `${directory}/${entry.name}`)) return "file";
        throw new Error("it is no file, no directory, and no link to a file");
      },
    }));
  const tree: TreeCopy = {
    read,
    signal: transfer.signal,
    makeDirectory: async (path) => await transfer.client.files.createDirectory(path, { recursive: true }),
    copyFile: (path, target) => upload(transfer, path, target),
    failed,
  };
  await copyListed(tree, from, to);
}

interface TreeCopy {
  readonly signal: AbortSignal;
  read(directory: string): Promise<readonly TreeEntry[]>;
  makeDirectory(path: string): Promise<void>;
  copyFile(path: string, target: string): Promise<void>;
  readonly failed: TreeFailure;
}

async function copyListed(tree: TreeCopy, from: string, to: string): Promise<void> {
  const { read, signal } = tree;
  const failed = (below: string, error: unknown) =>
    tree.failed(pathIn(from, below), pathIn(to, below), error);
  const write = async ({ files, directories }: ListedDirectory, below: string): Promise<void> => {
    await tree.makeDirectory(pathIn(to, below));
    const attempt = async (name: string, work: (path: string) => Promise<void>) => {
      signal.throwIfAborted();
      const path = `${below}/${name}`;
      try {
        await work(path);
      } catch (error) {
        if (signal.aborted) throw error;
        failed(path, error);
      }
    };
    for (const name of files)
      await attempt(name, (path) => tree.copyFile(pathIn(from, path), pathIn(to, path)));
    for (const [name, directory] of directories) await attempt(name, (path) => write(directory, path));
  };
  await write(await listTree({ read, signal, failed }, from), "");
}

async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    throw await tellingDanglingLink(path, error);
  }
}

/** A name from the other side must stay within the directory that it was listed in. */
function isUnsafeName(name: string): boolean {
  return name === "" || name === "." || name === ".." || name.includes("/") || name.includes("\0");
}
