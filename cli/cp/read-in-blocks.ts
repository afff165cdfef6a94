import type { FileSystem } from "../../core/filesystem/file-system.ts";
import { limits } from "../../core/limits.ts";

/** Blocks asked for ahead of the one that is being used. */
const ahead = 3;

/** The content of a file, block by block and in order. */
export async function* readInBlocks(files: FileSystem, path: string): AsyncGenerator<Uint8Array> {
  const file = await files.open(path, "read");
  const coming: Promise<Uint8Array>[] = [];
  let next = 0;
  try {
    for (;;) {
      while (coming.length <= ahead) {
        const block = Promise.resolve(file.read(next, limits.fsBlockBytes));
        // It is awaited below, or nobody wants it any more.
        block.catch(() => {});
        coming.push(block);
        next += limits.fsBlockBytes;
      }
      const block = await coming.shift();
      if (block === undefined || block.length === 0) return;
      yield block;
      if (block.length < limits.fsBlockBytes) return;
    }
  } finally {
    await Promise.allSettled(coming);
    await file.close();
  }
}
