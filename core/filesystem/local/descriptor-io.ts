import { read, readSync, write, writeSync } from "node:fs";
import { limits } from "../../limits.ts";
import type { Answer } from "../answer.ts";

/** A place in a file, or null for the descriptor's own position. */
type Position = number | null;

/** Fills `target` as far as the file goes; the answer is the count of bytes. Small targets are filled on the spot. */
export function readFully(descriptor: number, target: Uint8Array, position: Position): Answer<number> {
  if (target.byteLength > limits.fsSynchronousBytes) return readInPool(descriptor, target, position);
  let filled = 0;
  while (filled < target.byteLength) {
    const count = readSync(descriptor, target, filled, target.byteLength - filled, advance(position, filled));
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** Writes all of `bytes`. Few bytes are written on the spot. */
export function writeFully(descriptor: number, bytes: Uint8Array, position: Position): Answer<void> {
  if (bytes.byteLength > limits.fsSynchronousBytes) return writeInPool(descriptor, bytes, position);
  let written = 0;
  while (written < bytes.byteLength) {
    written += writeSync(descriptor, bytes, written, bytes.byteLength - written, advance(position, written));
  }
}

async function readInPool(descriptor: number, target: Uint8Array, position: Position): Promise<number> {
  let filled = 0;
  while (filled < target.byteLength) {
    const at = advance(position, filled);
    const count = await settle((done) => {
      read(descriptor, target, filled, target.byteLength - filled, at, done);
    });
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

async function writeInPool(descriptor: number, bytes: Uint8Array, position: Position): Promise<void> {
  let written = 0;
  while (written < bytes.byteLength) {
    const at = advance(position, written);
    written += await settle((done) => {
      write(descriptor, bytes, written, bytes.byteLength - written, at, done);
    });
  }
}

function advance(position: Position, bytes: number): Position {
  return position === null ? null : position + bytes;
}

type Done = (failure: Error | null, count: number) => void;

function settle(start: (done: Done) => void): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  start((failure, count) => (failure === null ? resolve(count) : reject(failure)));
  return promise;
}
