import type { FileMetadata } from "../protocol/results.ts";
import type { Answer } from "./answer.ts";
import type { NativePath } from "./native-path.ts";

/** `followSymlinks: false` refuses a symbolic link in any component of the path. Default: true. */
export interface FollowOption {
  readonly followSymlinks?: boolean;
}

export interface DirectoryEntry {
  /** Lossy where the name is not UTF-8. */
  readonly fileName: string;
  /** Of a link's target. */
  readonly isDirectory: boolean;
  readonly isFile: boolean;
}

export interface WalkOptions {
  readonly maxDepth: number;
  readonly maxDirectories: number;
  readonly maxEntries: number;
  readonly followDirectorySymlinks: boolean;
  readonly pruneHiddenDirectories: boolean;
  /** Bytes that a path takes in the answer; they count towards its budget. Default: the length of its file URI. */
  readonly pathBytes?: (path: NativePath) => number;
}

export interface WalkResult {
  readonly entries: readonly { readonly path: NativePath; readonly kind: "file" | "directory" }[];
  readonly errors: readonly { readonly path: NativePath; readonly message: string }[];
  /** A limit cut something off. */
  readonly truncated: boolean;
}

/** An open regular file. It sees later changes of the file, also after its name is gone. */
export interface OpenFile {
  /** Up to `length` bytes from `offset`; fewer only at the end of the file. */
  read(offset: number, length: number): Answer<Uint8Array>;
  /** Writes all of `bytes` at `offset`; holes are allowed. */
  write(offset: number, bytes: Uint8Array): Answer<void>;
  close(): Answer<void>;
}

/**
 * Files of one environment. Local and remote implementations answer the same; a local one answers small requests at
 * once. Every method throws or rejects with an RpcError, so use it with `await`.
 * Paths are absolute; others are refused.
 */
export interface FileSystem {
  /** The whole content of a regular file; at most `limits.fsReadFileBytes`, and what fits one answer frame. */
  readFile(path: NativePath, options?: FollowOption): Answer<Uint8Array>;
  /** Creates the file or replaces its content; the old content stays when it fails. Parents are not created. */
  writeFile(path: NativePath, bytes: Uint8Array, options?: FollowOption): Answer<void>;
  /** `recursive` (default true) creates parents and accepts a directory that is there. */
  createDirectory(path: NativePath, options?: FollowOption & { readonly recursive?: boolean }): Answer<void>;
  getMetadata(path: NativePath, options?: FollowOption): Answer<FileMetadata>;
  /** The real path; every component must exist. */
  canonicalize(path: NativePath): Answer<NativePath>;
  /** In the order of the OS; dangling links are left out. */
  readDirectory(path: NativePath): Answer<readonly DirectoryEntry[]>;
  /** Breadth first, names sorted by bytes within a directory; the root is not listed. */
  walk(path: NativePath, options: WalkOptions): Answer<WalkResult>;
  /** `recursive` and `force` (a missing path is fine) default to true. Links are removed, not followed. */
  remove(path: NativePath, options?: FollowOption & RemoveOptions): Answer<void>;
  /** Links are copied as links. Directories need `recursive` and merge into one that is there. */
  copy(source: NativePath, destination: NativePath, options: { readonly recursive: boolean }): Answer<void>;
  /** `replace` creates the file or empties it. */
  open(path: NativePath, mode: "read" | "replace"): Answer<OpenFile>;
  /**
   * Calls `changed` once, when one of the paths may have appeared, or when `present`, which has to exist, is removed,
   * replaced or (a file) written. Null: they cannot be watched (one exists, lies behind a link, or on a file system
   * without events), and the caller must look by itself.
   */
  watchMissing(
    paths: readonly NativePath[],
    changed: () => void,
    present?: NativePath | null,
  ): Answer<Disposable | null>;
}

export interface RemoveOptions {
  readonly recursive?: boolean;
  readonly force?: boolean;
}
