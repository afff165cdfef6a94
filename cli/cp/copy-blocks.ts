import { limits } from "../../core/limits.ts";

export interface BlockSource {
  /** Up to `length` bytes from `offset`; fewer only at the end. */
  read(offset: number, length: number): Promise<Uint8Array> | Uint8Array;
}

export interface BlockSink {
  write(offset: number, bytes: Uint8Array): Promise<void> | undefined | void;
}

export interface BlockCopy {
  readonly source: BlockSource;
  readonly sink: BlockSink;
  /** Called with the bytes of each block that has arrived. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** The source did not stay as it was. */
export class SourceChangedError extends Error {
  override readonly name = "SourceChangedError";
}

/** Copies from the first byte to the end, several blocks at a time. Resolves to the number of bytes. */
export async function copyBlocks({ source, sink, onBytes, signal }: BlockCopy): Promise<number> {
  let next = 0;
  let failed = false;
  let end = Number.POSITIVE_INFINITY;
  let furthest = 0;
  const work = async () => {
    while (next < end && !failed) {
      signal.throwIfAborted();
      const offset = next;
      next += limits.fsBlockBytes;
      const bytes = await source.read(offset, limits.fsBlockBytes);
      if (bytes.length < limits.fsBlockBytes) end = Math.min(end, offset + bytes.length);
      if (bytes.length === 0) continue;
      await sink.write(offset, bytes);
      furthest = Math.max(furthest, offset + bytes.length);
      onBytes(bytes.length);
    }
  };
  const workers = Array.from({ length: limits.blocksInFlight }, work);
  try {
    await Promise.all(workers);
  } catch (error) {
    // The others must be still before the files are closed under them.
    failed = true;
    await Promise.allSettled(workers);
    throw error;
  }
  if (furthest > end) throw new SourceChangedError("the file changed while it was being copied");
  return furthest;
}
