import { formatPath } from "../../protocol/path/format-path.ts";
import { unescapeBytes } from "../../protocol/path/percent.ts";
import type { FileMetadata } from "../../protocol/results.ts";
import type { RemoteCalls } from "../../rpc/remote-calls.ts";
import { absolute } from "../absolute.ts";
import type {
  DirectoryEntry,
  FileSystem,
  FollowOption,
  OpenFile,
  RemoveOptions,
  WalkOptions,
  WalkResult,
} from "../file-system.ts";
import { type NativePath, nativePath } from "../native-path.ts";
import { fsMethods } from "./fs-methods.ts";
import { openRemoteFile } from "./remote-open-file.ts";

/** Files of a server, through a client. Rejects as RemoteCalls does. */
export class RemoteFileSystem implements FileSystem {
  readonly #calls: RemoteCalls;

  constructor(calls: RemoteCalls) {
    this.#calls = calls;
  }

  async readFile(path: NativePath, options: FollowOption = {}): Promise<Uint8Array> {
    return (await this.#calls.call(fsMethods.readFile, { path: uriOf(path), ...options })).dataBase64;
  }

  async writeFile(path: NativePath, bytes: Uint8Array, options: FollowOption = {}): Promise<void> {
    await this.#calls.call(fsMethods.writeFile, {
      path: uriOf(path),
      dataBase64: bytes.toBase64(),
      ...options,
    });
  }

  async createDirectory(
    path: NativePath,
    options: FollowOption & { readonly recursive?: boolean } = {},
  ): Promise<void> {
    await this.#calls.call(fsMethods.createDirectory, { path: uriOf(path), ...options });
  }

  async getMetadata(path: NativePath, options: FollowOption = {}): Promise<FileMetadata> {
    return await this.#calls.call(fsMethods.getMetadata, { path: uriOf(path), ...options });
  }

  async canonicalize(path: NativePath): Promise<NativePath> {
    return pathOf((await this.#calls.call(fsMethods.canonicalize, { path: uriOf(path) })).path);
  }

  async readDirectory(path: NativePath): Promise<readonly DirectoryEntry[]> {
    return (await this.#calls.call(fsMethods.readDirectory, { path: uriOf(path) })).entries;
  }

  async walk(path: NativePath, { pathBytes: _, ...options }: WalkOptions): Promise<WalkResult> {
    const { entries, errors, truncated } = await this.#calls.call(fsMethods.walk, {
      path: uriOf(path),
      options,
    });
    return {
      entries: entries.map((entry) => ({ path: pathOf(entry.path), kind: entry.kind })),
      errors: errors.map((error) => ({ path: pathOf(error.path), message: error.message })),
      truncated,
    };
  }

  async remove(path: NativePath, options: FollowOption & RemoveOptions = {}): Promise<void> {
    await this.#calls.call(fsMethods.remove, { path: uriOf(path), ...options });
  }

  async copy(
    source: NativePath,
    destination: NativePath,
    options: { readonly recursive: boolean },
  ): Promise<void> {
    const params = { sourcePath: uriOf(source), destinationPath: uriOf(destination), ...options };
    await this.#calls.call(fsMethods.copy, params);
  }

  async open(path: NativePath, mode: "read" | "replace"): Promise<OpenFile> {
    return await openRemoteFile(this.#calls, uriOf(path), mode);
  }

  /** Null: a watch ends with its connection without a word, so that the caller does better to look by itself. */
  async watchMissing(): Promise<null> {
    return null;
  }
}

function uriOf(path: NativePath): string {
  return formatPath(absolute(path), "uri");
}

/** A path from the server: a file URI, or a plain path where it answers so. */
function pathOf(text: string): NativePath {
  if (!text.startsWith("file:")) return text;
  return nativePath(unescapeBytes(text.replace(/^file:(\/\/(localhost)?)?/i, "")));
}
