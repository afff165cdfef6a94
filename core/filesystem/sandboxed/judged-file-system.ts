import type { FileMetadata } from "../../protocol/results.ts";
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
import { useOpened } from "../local/open-file.ts";
import { walk } from "../local/walk.ts";
import type { NativePath } from "../native-path.ts";
import type { Judge } from "./judge.ts";
import { copyJudged } from "./judged/copy.ts";
import { createJudged } from "./judged/create-directory.ts";
import { canonicalizeJudged, kindJudged, metadataJudged } from "./judged/look.ts";
import { listJudged, namesJudged } from "./judged/read-directory.ts";
import { openJudged, readJudged } from "./judged/read-file.ts";
import { removeJudged } from "./judged/remove.ts";
import { replaceJudged } from "./judged/replace.ts";
import { writeJudged } from "./judged/write-file.ts";
import { withJudgedErrors } from "./judged-errors.ts";
import { locate } from "./locate.ts";

/**
 * The files of this machine as far as a plan lets one go: every component of every path is looked up by hand and
 * judged by its real name, and the operation is done to what was judged. Within a helper's sandbox it says first, and
 * in the right words, what the kernel would refuse; and it refuses what masks made at a start cannot cover.
 */
export class JudgedFileSystem implements FileSystem {
  readonly #judge: Judge;

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  readFile(path: NativePath, options: FollowOption = {}): Answer<Uint8Array> {
    return withJudgedErrors(() => readJudged(this.#judge, path, options));
  }

  writeFile(path: NativePath, bytes: Uint8Array, options: FollowOption = {}): Answer<void> {
    return withJudgedErrors(() => writeJudged(this.#judge, path, { bytes, options }));
  }

  createDirectory(
    path: NativePath,
    options: FollowOption & { readonly recursive?: boolean } = {},
  ): Answer<void> {
    return withJudgedErrors(() => createJudged(this.#judge, path, options));
  }

  getMetadata(path: NativePath, options: FollowOption = {}): Answer<FileMetadata> {
    return withJudgedErrors(() => metadataJudged(this.#judge, path, options));
  }

  canonicalize(path: NativePath): Answer<NativePath> {
    return withJudgedErrors(() => canonicalizeJudged(this.#judge, path));
  }

  readDirectory(path: NativePath): Answer<readonly DirectoryEntry[]> {
    return withJudgedErrors(() => listJudged(this.#judge, path));
  }

  walk(path: NativePath, options: WalkOptions): Answer<WalkResult> {
    const judge = this.#judge;
    return withJudgedErrors(() =>
      walk(path, options, {
        stat: (at) => kindJudged(judge, at),
        isLink: (at) => isLink(judge, at),
        canonicalize: (at) => canonicalizeJudged(judge, at),
        readNames: (at) => namesJudged(judge, at),
      }),
    );
  }

  remove(path: NativePath, options: FollowOption & RemoveOptions = {}): Answer<void> {
    return withJudgedErrors(() => removeJudged(this.#judge, path, options));
  }

  copy(source: NativePath, destination: NativePath, options: { readonly recursive: boolean }): Answer<void> {
    return withJudgedErrors(() => copyJudged(this.#judge, { source, destination }, options));
  }

  open(path: NativePath, mode: "read" | "replace"): Answer<OpenFile> {
    return withJudgedErrors(() =>
      useOpened(mode === "read" ? openJudged(this.#judge, path, {}) : replaceJudged(this.#judge, path)),
    );
  }

  /** Null: a sandboxed client looks by itself. */
  watchMissing(): null {
    return null;
  }
}

function isLink(judge: Judge, path: NativePath): boolean {
  using place = locate(judge, path, "link");
  return place.found?.isSymbolicLink() ?? false;
}
