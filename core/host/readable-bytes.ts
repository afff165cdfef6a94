import { closeSync, writeSync } from "node:fs";
import { openPipe } from "./descriptors.ts";

/** What every pipe holds without being widened, bytes. */
const pipeBytes = 65_536;

/** A descriptor from which another program reads exactly these bytes and then EOF. At most 64 KiB. */
export function openReadable(bytes: Uint8Array): number {
  if (bytes.length > pipeBytes) throw new RangeError(`${bytes.length} bytes do not fit into a pipe`);
  const { readEnd, writeEnd } = openPipe();
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(writeEnd, bytes, done);
    return readEnd;
  } catch (error) {
    closeSync(readEnd);
    throw error;
  } finally {
    closeSync(writeEnd);
  }
}
