import type { Dirent } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import type { FileSystem } from "../../core/filesystem/file-system.ts";
import { limits } from "../../core/limits.ts";
import { download } from "./download.ts";
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
  const { files, signal } = tree;
  const visit = async (source: string, target: string, depth: number): Promise<void> => {
    await tree.makeDirectory(target);
    for (const { fileName, isDirectory, isFile } of await files.readDirectory(source)) {
      signal.throwIfAborted();
      const path = `${source === "/" ? "" : source}/${fileName}`;
      const copied = `${target === "/" ? "" : target}/${fileName}`;
      await attempt(tree, { from: path, to: copied }, async () => {
        if (isUnsafeName(fileName)) throw new Error("the server names it in a way that leads elsewhere");
        if (isFile) return await tree.fetch(path, copied);
        if (!isDirectory) throw new Error("it is neither a file nor a directory");
        if (depth === limits.copyDepth)
          throw new Error(`it lies more than ${limits.copyDepth} directories deep`);
        if ((await files.getMetadata(path)).isSymlink) throw new Error("it is a link to a directory");
        await visit(path, copied, depth + 1);
      });
    }
  };
  await visit(from, to, 0);
}

/** The other way: copies a local directory into the environment. */
export async function uploadTree(
  transfer: Transfer,
  from: string,
  to: string,
  failed: TreeFailure,
): Promise<void> {
  const visit = async (source: string, target: string, depth: number): Promise<void> => {
    await transfer.client.files.createDirectory(target, { recursive: true });
    for (const entry of await readdir(source, { withFileTypes: true })) {
      transfer.signal.throwIfAborted();
      const path = `${source}/${entry.name}`;
      const remote = `${target === "/" ? "" : target}/${entry.name}`;
      await attempt({ failed, signal: transfer.signal }, { from: path, to: remote }, async () => {
        if (entry.isDirectory()) {
          if (depth === limits.copyDepth)
            throw new Error(`it lies more than ${limits.copyDepth} directories deep`);
          return await visit(path, remote, depth + 1);
        }
        if (!(await isFile(entry, path)))
          throw new Error("it is no file, no directory, and no link to a file");
        await upload(transfer, path, remote);
      });
    }
  };
  await visit(from, to, 0);
}

async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  const { stat } = await import("node:fs/promises");
  return (await stat(path)).isFile();
}

async function attempt(
  { failed, signal }: Pick<TreeFetch, "failed" | "signal">,
  { from, to }: { readonly from: string; readonly to: string },
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (signal.aborted) throw error;
    failed(from, to, error);
  }
}

/** A name from the other side must stay within the directory that it was listed in. */
function isUnsafeName(name: string): boolean {
  return name === "" || name === "." || name === ".." || name.includes("/") || name.includes("\0");
}
