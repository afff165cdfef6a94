import { NoShellError, putInPlace } from "./put-in-place.ts";
import { realDestination } from "./real-destination.ts";
import { type Transfer, temporaryName } from "./transfer.ts";

/** A copy was given up in the middle of a file that was written in its place. */
export class IncompleteFileError extends Error {
  override readonly name = "IncompleteFileError";
}

export interface Landing {
  readonly to: string;
  /** Permission bits of a new file, where it can be given any. */
  readonly mode: number;
  /** Writes the whole content to a path. */
  write(path: string): Promise<void>;
}

/**
 * Writes a file of the environment beside its place and moves it there when it is whole: until then, and when that fails,
 * the old one stays. Where no command can do the moving, it is written in its place at once.
 */
export async function land(transfer: Transfer, landing: Landing): Promise<void> {
  if (transfer.mayRun === false) return await writeInPlace(transfer, landing);
  const destination = await realDestination(transfer.client, landing.to);
  const temporary = temporaryName(destination);
  try {
    await landing.write(temporary);
    await putInPlace(transfer.client, { temporary, destination, mode: landing.mode });
  } catch (error) {
    await Promise.resolve(transfer.client.files.remove(temporary)).catch(() => {});
    if (!(error instanceof NoShellError)) throw error;
    transfer.progress.restart();
    await writeInPlace(transfer, landing);
  }
}

async function writeInPlace({ signal }: Transfer, { to, write }: Landing): Promise<void> {
  signal.throwIfAborted();
  try {
    await write(to);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new IncompleteFileError(`given up; ${to} is incomplete`, { cause: error });
  }
}
