import { limits } from "../../limits.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import { EffectUnknownError, type RemoteCalls } from "../../rpc/remote-calls.ts";
import type { OpenFile } from "../file-system.ts";
import { fsMethods } from "./fs-methods.ts";

/** Handles belong to a connection, so a cut link takes them away: what was being written has to be begun again. */
export class FileHandleLostError extends Error {
  override readonly name = "FileHandleLostError";
}

/** Opens a file on the server. `path` is a file URI. A file that is read survives a cut link; one that is written does not. */
export async function openRemoteFile(
  calls: RemoteCalls,
  path: string,
  mode: "read" | "replace",
): Promise<OpenFile> {
  const file = new RemoteOpenFile(calls, path, mode);
  await file.open();
  return file;
}

class RemoteOpenFile implements OpenFile {
  readonly #calls: RemoteCalls;
  readonly #path: string;
  readonly #mode: "read" | "replace";
  #handleId = newHandleId();
  #reopening: Promise<void> | undefined;

  constructor(calls: RemoteCalls, path: string, mode: "read" | "replace") {
    this.#calls = calls;
    this.#path = path;
    this.#mode = mode;
  }

  async open(): Promise<void> {
    for (;;) {
      try {
        const params = { handleId: this.#handleId, path: this.#path, mode: this.#mode };
        await this.#calls.call(fsMethods.open, params);
        return;
      } catch (error) {
        // Whatever the cut connection opened ended with it, and emptying a file twice is emptying it once.
        if (!(error instanceof EffectUnknownError)) throw error;
        this.#handleId = newHandleId();
      }
    }
  }

  async read(offset: bigint | number, length: number): Promise<Uint8Array> {
    for (let attempt = 1; ; attempt++) {
      const handleId = this.#handleId;
      try {
        const params = { handleId, offset: Number(offset), len: length };
        return (await this.#calls.call(fsMethods.readBlock, params)).chunk;
      } catch (error) {
        if (!isUnknownHandle(error) || attempt === limits.readAttempts) throw error;
        await this.#reopen(handleId);
      }
    }
  }

  async write(offset: bigint | number, bytes: Uint8Array): Promise<void> {
    try {
      const params = { handleId: this.#handleId, offset: Number(offset), chunk: bytes.toBase64() };
      await this.#calls.call(fsMethods.writeBlock, params);
    } catch (error) {
      if (!isUnknownHandle(error)) throw error;
      throw new FileHandleLostError("the link was cut while the file was being written", { cause: error });
    }
  }

  async close(): Promise<void> {
    await this.#calls.call(fsMethods.close, { handleId: this.#handleId });
  }

  /** Several reads may find the handle gone at once; one of them opens it anew. */
  #reopen(goneId: string): Promise<void> {
    if (this.#handleId !== goneId) return Promise.resolve();
    this.#reopening ??= this.#openAnew().finally(() => {
      this.#reopening = undefined;
    });
    return this.#reopening;
  }

  async #openAnew(): Promise<void> {
    const handleId = newHandleId();
    await this.#calls.call(fsMethods.open, { handleId, path: this.#path, mode: this.#mode });
    this.#handleId = handleId;
  }
}

function isUnknownHandle(error: unknown): boolean {
  return error instanceof RpcError && error.code === ErrorCode.notFound;
}

/** 32 bytes, the most that a server takes. */
function newHandleId(): string {
  return crypto.getRandomValues(new Uint8Array(16)).toHex();
}
