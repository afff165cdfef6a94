import type {
  DirectoryEntry,
  FileSystem,
  FollowOption,
  OpenFile,
  RemoveOptions,
  WalkOptions,
  WalkResult,
} from "../filesystem/file-system.ts";
import type { NativePath } from "../filesystem/native-path.ts";
import type { FileMetadata } from "../protocol/results.ts";
import type { SharedSession } from "./shared-session.ts";

/** The files of a session that may not be there yet, or not any more. */
export class SessionFileSystem implements FileSystem {
  readonly #session: SharedSession;

  constructor(session: SharedSession) {
    this.#session = session;
  }

  readFile(path: NativePath, options?: FollowOption): Promise<Uint8Array> {
    return this.#session.use(({ files }) => files.readFile(path, options));
  }

  writeFile(path: NativePath, bytes: Uint8Array, options?: FollowOption): Promise<void> {
    return this.#session.use(({ files }) => files.writeFile(path, bytes, options));
  }

  createDirectory(
    path: NativePath,
    options?: FollowOption & { readonly recursive?: boolean },
  ): Promise<void> {
    return this.#session.use(({ files }) => files.createDirectory(path, options));
  }

  getMetadata(path: NativePath, options?: FollowOption): Promise<FileMetadata> {
    return this.#session.use(({ files }) => files.getMetadata(path, options));
  }

  canonicalize(path: NativePath): Promise<NativePath> {
    return this.#session.use(({ files }) => files.canonicalize(path));
  }

  readDirectory(path: NativePath): Promise<readonly DirectoryEntry[]> {
    return this.#session.use(({ files }) => files.readDirectory(path));
  }

  walk(path: NativePath, options: WalkOptions): Promise<WalkResult> {
    return this.#session.use(({ files }) => files.walk(path, options));
  }

  remove(path: NativePath, options?: FollowOption & RemoveOptions): Promise<void> {
    return this.#session.use(({ files }) => files.remove(path, options));
  }

  copy(source: NativePath, destination: NativePath, options: { readonly recursive: boolean }): Promise<void> {
    return this.#session.use(({ files }) => files.copy(source, destination, options));
  }

  open(path: NativePath, mode: "read" | "replace"): Promise<OpenFile> {
    return this.#session.use(({ files }) => files.open(path, mode));
  }

  watchMissing(
    paths: readonly NativePath[],
    changed: () => void,
    present?: NativePath | null,
  ): Promise<Disposable | null> {
    return this.#session.use(({ files }) => files.watchMissing(paths, changed, present));
  }
}
