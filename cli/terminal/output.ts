import { write, writeSync } from "node:fs";

/** Nobody reads this output any more. */
export class OutputClosedError extends Error {
  override readonly name = "OutputClosedError";
}

/** The output cannot be written, be it because the disk is full. */
export class OutputFailedError extends Error {
  override readonly name = "OutputFailedError";
}

/** How long to wait before trying again where someone made the descriptor non-blocking, ms. */
const retryMs = 5;

/**
 * Writes all bytes to a descriptor and waits for its reader, without stopping the event loop (links must be kept alive
 * meanwhile) and without buffering. Rejects with {@link OutputClosedError} on EPIPE,
 * and on EIO, which a terminal that is gone gives; with {@link OutputFailedError} on anything else.
 */
export async function writeOut(fd: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const written = await writeSome(fd, bytes, at);
    if (written === 0) await Bun.sleep(retryMs);
    at += written;
  }
}

function writeSome(fd: number, bytes: Uint8Array, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, at, bytes.length - at, null, (error, written) => {
      if (error === null) resolve(written);
      else if (error.code === "EAGAIN" || error.code === "EINTR") resolve(0);
      else if (error.code === "EPIPE" || error.code === "EIO")
        reject(new OutputClosedError("nobody reads the output any more"));
      else reject(new OutputFailedError(`the output cannot be written: ${error.message}`, { cause: error }));
    });
  });
}

/** A short text for people or a result that ends the program: written at once, in full, or not at all on EPIPE. */
export function writeNow(fd: number, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (!isAgain(error)) return;
      Bun.sleepSync(retryMs);
    }
  }
}

function isAgain(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EAGAIN" || error.code === "EINTR");
}
