import { type FileHandle, open } from "node:fs/promises";
import { FileHandleLostError } from "../../core/filesystem/remote/remote-open-file.ts";
import { limits } from "../../core/limits.ts";
import { EffectUnknownError } from "../../core/rpc/remote-calls.ts";
import { copyBlocks, SourceChangedError } from "./copy-blocks.ts";
import { land } from "./land.ts";
import type { Transfer } from "./transfer.ts";

/** Copies one local file into the environment. Permission bits come along to a new file; an old file keeps its own. */
export async function upload(transfer: Transfer, from: string, to: string): Promise<void> {
  const source = await open(from, "r");
  try {
    const { size, mode } = await source.stat();
    transfer.progress.begin(from, size);
    if (await uploadAtOnce(transfer, { source, size, mode, to })) return transfer.progress.done();
    const write = (path: string) => writeWhole(transfer, source, path);
    await land(transfer, { to, mode: mode & 0o777 & ~0o022, write });
  } finally {
    await source.close();
  }
  transfer.progress.done();
}

interface SmallUpload {
  readonly source: FileHandle;
  readonly size: number;
  readonly mode: number;
  readonly to: string;
}

/**
 * A small file in one message. Only our own server promises that `fs/writeFile` never leaves a torn file, and no server
 * makes a new file executable. False: it has to go the long way.
 */
async function uploadAtOnce(
  { client, progress }: Transfer,
  { source, size, mode, to }: SmallUpload,
): Promise<boolean> {
  const ours = Boolean(client.info.codexEnvVersion);
  if (!ours || size > limits.fsBlockBytes || (mode & 0o111) !== 0) return false;
  const bytes = await readLocal(source, 0, limits.fsBlockBytes + 1);
  if (bytes.length > limits.fsBlockBytes) return false;
  for (let attempt = 1; ; attempt++) {
    try {
      await client.files.writeFile(to, bytes);
      progress.advance(bytes.length);
      return true;
    } catch (error) {
      // The same content at the same place: writing it twice is writing it once.
      if (!(error instanceof EffectUnknownError) || attempt === limits.uploadAttempts) throw error;
    }
  }
}

async function writeWhole(transfer: Transfer, source: FileHandle, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeOnce(transfer, source, to);
    } catch (error) {
      // The same content at the same place, so writing it from the start again is safe.
      const cut = error instanceof FileHandleLostError || error instanceof EffectUnknownError;
      if (!cut || attempt === limits.uploadAttempts) throw error;
      transfer.progress.restart();
    }
  }
}

async function writeOnce(
  { client, progress, signal }: Transfer,
  source: FileHandle,
  to: string,
): Promise<void> {
  const before = await source.stat();
  const sink = await client.files.open(to, "replace");
  try {
    const written = await copyBlocks({
      source: { read: (offset, length) => readLocal(source, offset, length) },
      sink: { write: async (offset, bytes) => await sink.write(offset, bytes) },
      onBytes: (bytes) => progress.advance(bytes),
      signal,
    });
    const after = await source.stat();
    if (after.mtimeMs !== before.mtimeMs || (after.isFile() && after.size > 0 && after.size !== written)) {
      throw new SourceChangedError("the file changed while it was being copied");
    }
  } finally {
    // The handle may have gone with its connection.
    await Promise.resolve(sink.close()).catch(() => {});
  }
}

async function readLocal(source: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const block = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await source.read(block, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return block.subarray(0, filled);
}
