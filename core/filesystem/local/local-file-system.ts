import type { FileMetadata } from "../../protocol/results.ts";
import { absolute } from "../absolute.ts";
import type { Answer } from "../answer.ts";
import type {
  DirectoryEntry,
  FileSystem,
  FollowOption,
  OpenFile,
  RemoveOptions,
  WalkOptions,
  WalkResult,
} from "../file-system.ts";
import type { NativePath } from "../native-path.ts";
import { withRpcErrors } from "../os-error.ts";
import { canonicalize } from "./canonicalize.ts";
import { copy } from "./copy.ts";
import { createDirectory } from "./create-directory.ts";
import { getMetadata } from "./get-metadata.ts";
import { openFile } from "./open-file.ts";
import { readDirectory } from "./read-directory.ts";
import { readFile } from "./read-file.ts";
import { remove } from "./remove.ts";
import { walk } from "./walk.ts";
import { watchMissing } from "./watch-missing.ts";
import { writeFile } from "./write-file.ts";

/** The files of this machine, with the rights of this process. */
export class LocalFileSystem implements FileSystem {
  readFile(path: NativePath, options: FollowOption = {}): Answer<Uint8Array> {
    return withRpcErrors(() => readFile(absolute(path), options));
  }

  writeFile(path: NativePath, bytes: Uint8Array, options: FollowOption = {}): Answer<void> {
    return withRpcErrors(() => writeFile(absolute(path), bytes, options));
  }

  createDirectory(
    path: NativePath,
    options: FollowOption & { readonly recursive?: boolean } = {},
  ): Answer<void> {
    return withRpcErrors(() => createDirectory(absolute(path), options));
  }

  getMetadata(path: NativePath, options: FollowOption = {}): Answer<FileMetadata> {
    return withRpcErrors(() => getMetadata(absolute(path), options));
  }

  canonicalize(path: NativePath): Answer<NativePath> {
    return withRpcErrors(() => canonicalize(absolute(path)));
  }

  readDirectory(path: NativePath): Answer<readonly DirectoryEntry[]> {
    return withRpcErrors(() => readDirectory(absolute(path)));
  }

  walk(path: NativePath, options: WalkOptions): Answer<WalkResult> {
    return withRpcErrors(() => walk(absolute(path), options));
  }

  remove(path: NativePath, options: FollowOption & RemoveOptions = {}): Answer<void> {
    return withRpcErrors(() => remove(absolute(path), options));
  }

  copy(source: NativePath, destination: NativePath, options: { readonly recursive: boolean }): Answer<void> {
    return withRpcErrors(() => copy(absolute(source), absolute(destination), options));
  }

  open(path: NativePath, mode: "read" | "replace"): Answer<OpenFile> {
    return withRpcErrors(() => openFile(absolute(path), mode));
  }

  watchMissing(
    paths: readonly NativePath[],
    changed: () => void,
    present: NativePath | null = null,
  ): Answer<Disposable | null> {
    return withRpcErrors(() => watchMissing(paths.map(absolute), changed, present));
  }
}
