import { limits } from "../limits.ts";

/** Bytes to work with until they are given back. */
export interface Borrowed extends Disposable {
  readonly bytes: Uint8Array;
}

let kept = new Uint8Array(0);
let isLent = false;
let wasUsed = false;
let expiry: Timer | undefined;

/**
 * At least `size` bytes of any content. Fresh pages are the dear part of moving a megabyte, so one buffer is kept for
 * the next borrower, and given up when there has been none for a while. Who comes while it is lent gets a fresh one.
 */
export function borrowBytes(size: number): Borrowed {
  if (isLent || size > limits.fsScratchBytes) return { bytes: new Uint8Array(size), [Symbol.dispose]() {} };
  if (kept.byteLength < size) kept = new Uint8Array(size);
  isLent = true;
  wasUsed = true;
  expiry ??= setInterval(giveUpUnused, limits.fsScratchIdleMs).unref();
  return {
    bytes: kept,
    [Symbol.dispose]() {
      isLent = false;
    },
  };
}

function giveUpUnused(): void {
  if (!isLent && !wasUsed) {
    kept = new Uint8Array(0);
    clearInterval(expiry);
    expiry = undefined;
  }
  wasUsed = false;
}
