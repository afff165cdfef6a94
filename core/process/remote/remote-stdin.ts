import { limits } from "../../limits.ts";
import { type RemoteCalls, UnsupportedError } from "../../rpc/remote-calls.ts";
import type { ProcessStdin } from "../process-backend.ts";
import { processMethods } from "./process-methods.ts";

/** The child's stdin is closed or was never open, or the child is gone. */
export class StdinClosedError extends Error {
  override readonly name = "StdinClosedError";
}

/** A PTY's end-of-file character in the default line discipline. */
const endOfFile = new Uint8Array([4]);

export interface RemoteStdinOptions {
  readonly processId: string;
  readonly tty: boolean;
  /** What the ids of its writes begin with: a process that another client has written to takes a known id for a repetition. */
  readonly writer?: string;
  readonly calls: RemoteCalls;
  readonly abilities: { readonly processCloseStdin: boolean };
}

/** The stdin of a remote process: in order, each byte once across cuts of the link, and never more than a few chunks ahead. */
export class RemoteStdin implements ProcessStdin {
  readonly #options: RemoteStdinOptions;
  readonly #inFlight = new Set<Promise<void>>();
  #nextWriteId = 1;
  #tail: Promise<void> = Promise.resolve();
  #failure: Error | undefined;

  constructor(options: RemoteStdinOptions) {
    this.#options = options;
  }

  /**
   * Resolves when there is room for more, which is before the child has read it. Rejects with {@link StdinClosedError}
   * once nothing can arrive any more, be it because of an earlier write.
   */
  write(bytes: Uint8Array): Promise<void> {
    const written = this.#tail.then(() => this.#writeChunks(bytes));
    this.#tail = written.catch(() => {});
    return written;
  }

  /**
   * End of input after everything written: closes the pipe, or types ^D on a PTY. Throws {@link UnsupportedError} where
   * the server cannot close a pipe.
   */
  async end(): Promise<void> {
    await this.flush();
    const { processId, tty, calls, abilities } = this.#options;
    if (tty) return await this.write(endOfFile);
    if (!abilities.processCloseStdin)
      throw new UnsupportedError("the server cannot close the stdin of a process");
    await calls.call(processMethods.closeStdin, { processId });
  }

  /** Resolves when the server has acknowledged every write. */
  async flush(): Promise<void> {
    await this.#tail;
    await Promise.all(this.#inFlight);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Nobody will read any more: later writes fail at once. */
  processEnded(): void {
    this.#failure ??= new StdinClosedError("the process has ended");
  }

  async #writeChunks(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += limits.stdinChunkBytes) {
      while (this.#inFlight.size >= limits.stdinWindow) await Promise.race(this.#inFlight);
      if (this.#failure !== undefined) throw this.#failure;
      const sent = this.#send(bytes.subarray(at, at + limits.stdinChunkBytes)).catch((error: unknown) => {
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
      });
      this.#inFlight.add(sent);
      void sent.then(() => this.#inFlight.delete(sent));
    }
  }

  async #send(chunk: Uint8Array): Promise<void> {
    const { processId, calls, writer = "" } = this.#options;
    const params = { processId, chunk: chunk.toBase64(), writeId: `${writer}${this.#nextWriteId++}` };
    const { status } = await calls.call(processMethods.write, params);
    if (status !== "accepted") throw new StdinClosedError(`the server answered ${status}`);
  }
}
