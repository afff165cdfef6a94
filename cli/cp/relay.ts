import type { ExecClient } from "../../core/client/connect-client.ts";
import type { Answer } from "../../core/filesystem/answer.ts";
import type { OpenFile } from "../../core/filesystem/file-system.ts";
import { FileHandleLostError } from "../../core/filesystem/remote/remote-open-file.ts";
import { limits } from "../../core/limits.ts";
import { EffectUnknownError } from "../../core/rpc/remote-calls.ts";
import { copyBlocks, SourceChangedError } from "./copy-blocks.ts";
import { land } from "./land.ts";
import type { Transfer } from "./transfer.ts";

/** A copy between two environments: through here, a few blocks at a time. */
export interface Relay extends Transfer {
  /** Where it comes from; `client` is where it goes. */
  readonly source: ExecClient;
}

/** Permission bits of a new file: the wire does not tell those of the old one. */
const usualMode = 0o644;

/** Copies one file to another environment, where it takes its place when it is whole. */
export async function relay(transfer: Relay, from: string, to: string): Promise<void> {
  const { source, progress } = transfer;
  const { size } = await source.files.getMetadata(from);
  progress.begin(from, size);
  await land(transfer, { to, mode: usualMode, write: (path) => relayWhole(transfer, from, path) });
  progress.done();
}

async function relayWhole(transfer: Relay, from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await relayOnce(transfer, from, to);
    } catch (error) {
      // The same content at the same place, so writing it from the start again is safe.
      const cut = error instanceof FileHandleLostError || error instanceof EffectUnknownError;
      if (!cut || attempt === limits.uploadAttempts) throw error;
      transfer.progress.restart();
    }
  }
}

async function relayOnce(transfer: Relay, from: string, to: string): Promise<void> {
  const { source, client } = transfer;
  const before = await source.files.getMetadata(from);
  const written = await withFile(source.files.open(from, "read"), (reading) =>
    withFile(client.files.open(to, "replace"), (writing) => relayBlocks(transfer, reading, writing)),
  );
  const after = await source.files.getMetadata(from);
  if (after.modifiedAtMs !== before.modifiedAtMs || (after.size > 0 && after.size !== written)) {
    throw new SourceChangedError("the file changed while it was being copied");
  }
}

function relayBlocks({ progress, signal }: Relay, reading: OpenFile, writing: OpenFile): Promise<number> {
  return copyBlocks({
    source: reading,
    sink: { write: async (offset, bytes) => await writing.write(offset, bytes) },
    onBytes: (bytes) => progress.advance(bytes),
    signal,
  });
}

/** Does the work with a file and closes it, whatever becomes of it. */
async function withFile<T>(opening: Answer<OpenFile>, work: (file: OpenFile) => Promise<T>): Promise<T> {
  const file = await opening;
  try {
    return await work(file);
  } finally {
    // The handle may have gone with its connection.
    await Promise.resolve(file.close()).catch(() => {});
  }
}
