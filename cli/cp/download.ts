import { type FileHandle, open, realpath, rename, stat, unlink } from "node:fs/promises";
import { copyBlocks, SourceChangedError } from "./copy-blocks.ts";
import { type Transfer, temporaryName } from "./transfer.ts";

/**
 * Copies one file of the environment to a local path. The file takes its place when it is whole: until then, and when
 * it fails, the old one stays. Devices and pipes are written into. An old file's mode stays.
 */
export async function download(transfer: Transfer, from: string, to: string): Promise<void> {
  const { client, progress, signal } = transfer;
  const before = await client.files.getMetadata(from);
  progress.begin(from, before.size);
  const source = await client.files.open(from, "read");
  try {
    const target = await Target.open(to);
    try {
      const written = await copyBlocks({
        source,
        sink: { write: (offset, bytes) => target.write(offset, bytes) },
        onBytes: (bytes) => progress.advance(bytes),
        signal,
      });
      const after = await client.files.getMetadata(from);
      // Files of /proc have no size.
      if (after.modifiedAtMs !== before.modifiedAtMs || (after.size > 0 && after.size !== written)) {
        throw new SourceChangedError("the file changed while it was being copied");
      }
      await target.commit();
    } catch (error) {
      await target.abandon();
      throw error;
    }
  } finally {
    // The handle may have gone with its connection.
    await Promise.resolve(source.close()).catch(() => {});
  }
  progress.done();
}

class Target {
  readonly #path: string;
  readonly #temporary: string | undefined;
  readonly #handle: FileHandle;
  readonly #mode: number | undefined;

  private constructor(path: string, handle: FileHandle, replacing: { temporary?: string; mode?: number }) {
    this.#path = path;
    this.#handle = handle;
    this.#temporary = replacing.temporary;
    this.#mode = replacing.mode;
  }

  static async open(path: string): Promise<Target> {
    const old = await stat(path).catch(() => undefined);
    if (old !== undefined && !old.isFile()) return new Target(path, await open(path, "w"), {});
    const real = old === undefined ? path : await realpath(path);
    const temporary = temporaryName(real);
    const handle = await open(temporary, "wx", 0o666);
    return new Target(real, handle, { temporary, ...(old === undefined ? {} : { mode: old.mode & 0o7777 }) });
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    const at = this.#temporary === undefined ? null : offset;
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(
        bytes,
        done,
        bytes.length - done,
        at === null ? null : at + done,
      );
      done += bytesWritten;
    }
  }

  async commit(): Promise<void> {
    if (this.#mode !== undefined) await this.#handle.chmod(this.#mode);
    await this.#handle.close();
    if (this.#temporary !== undefined) await rename(this.#temporary, this.#path);
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => {});
    if (this.#temporary !== undefined) await unlink(this.#temporary).catch(() => {});
  }
}
