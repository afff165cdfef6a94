import { edenGC } from "bun:jsc";

/** Output after which the young garbage is collected, raw bytes: about 12 MiB of buffers and texts. */
const BYTES_BETWEEN_COLLECTIONS = 4 * 1024 * 1024;
/** A young collection lets what was just in use grow old, about 1 MiB each time; this many later it goes as well. */
const YOUNG_PER_FULL = 6;
/** After this long without output the rest is taken back, ms. */
const QUIET_MS = 300;

let since = 0;
let young = 0;
let quiet: ReturnType<typeof setTimeout> | undefined;

/**
 * Every chunk of output leaves a read buffer, its base64 and its frame behind, all dead within the same turn. The
 * collector weighs objects and lets such memory grow to hundreds of MiB. A young collection takes 0.1 ms, a full one
 * 0.9 ms, and together they hold it to some 20 MiB.
 */
export function noteOutputGarbage(bytes: number): void {
  since += bytes;
  if (since < BYTES_BETWEEN_COLLECTIONS) return;
  since = 0;
  young += 1;
  if (young < YOUNG_PER_FULL) {
    edenGC();
    return;
  }
  young = 0;
  Bun.gc(true);
  if (quiet === undefined) quiet = setTimeout(collectRest, QUIET_MS);
  else quiet.refresh();
  quiet.unref();
}

function collectRest(): void {
  young = 0;
  Bun.gc(true);
}
