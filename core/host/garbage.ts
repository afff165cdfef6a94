import { edenGC, gcAndSweep } from "bun:jsc";

/** Large data after which its garbage is collected, bytes. */
const BYTES_BETWEEN_COLLECTIONS = 24 * 1024 * 1024;
/** Of the time between two full collections, what one may take: the rest are young ones. */
const FULL_SHARE = 1 / 20;
/** After this long without large data the memory goes back to the system, ms. */
const QUIET_MS = 300;

let since = 0;
/** A full collection is due at this time, ms; it takes longer the more the server holds. */
let fullDueAt = 0;
let quiet: ReturnType<typeof setTimeout> | undefined;

/**
 * Says that buffers and texts of so many bytes were just made and are dead within the turn: a chunk of output and its
 * frame, a file and its answer. The collector weighs objects, so by itself it lets such memory grow to hundreds of
 * MiB; collecting and sweeping takes 1 ms (10 with thousands of processes remembered; a young collection 0.1) and has
 * the next data use the same, warm memory. (`Bun.gc(true)` would give it back to the system each time: 450,000 page
 * faults and 1.3 s of CPU a GiB of output instead of 14,000 and 0.4 s.)
 */
export function noteGarbage(bytes: number): void {
  since += bytes;
  if (since < BYTES_BETWEEN_COLLECTIONS) return;
  since = 0;
  collectSoon();
  const begun = performance.now();
  if (begun < fullDueAt) {
    edenGC();
    return;
  }
  gcAndSweep();
  const ended = performance.now();
  fullDueAt = ended + (ended - begun) / FULL_SHARE;
}

/** Gives memory back to the system once nothing large has happened for a moment. */
export function collectSoon(): void {
  if (quiet === undefined) quiet = setTimeout(giveBack, QUIET_MS);
  else quiet.refresh();
  quiet.unref();
}

function giveBack(): void {
  quiet = undefined;
  Bun.gc(true);
}
