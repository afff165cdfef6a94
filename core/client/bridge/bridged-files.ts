import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import { EffectUnknownError } from "../../rpc/remote-calls.ts";
import { asObject, textMember } from "./downstream.ts";

/** Passes a request on; rejects with EffectUnknownError where it is reported and not repeated. */
export type Ask = (method: string, params: object, afterCut: "repeat" | "report") => Promise<unknown>;

interface Handle {
  readonly params: object;
  readonly writes: boolean;
  /** The connection that it was opened on. */
  generation: number;
  reopening?: Promise<void>;
}

const methods: ReadonlySet<string> = new Set(["fs/open", "fs/readBlock", "fs/writeBlock", "fs/close"]);

/**
 * File handles belong to a connection. One that reads is opened again after a cut, so the client does not notice; one
 * that writes has lost its file, which the client is told at its next use and when it closes it.
 */
export class BridgedFiles {
  readonly #ask: Ask;
  readonly #handles = new Map<string, Handle>();
  #generation = 0;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Whether a method is about handles. */
  concerns(method: string): boolean {
    return methods.has(method);
  }

  /** The connection is cut, and the handles on it are gone. */
  cut(): void {
    this.#generation += 1;
  }

  async request(method: string, params: object): Promise<unknown> {
    const handleId = textMember(params, "handleId") ?? "";
    if (method === "fs/open") return await this.#open(handleId, params);
    const handle = this.#handles.get(handleId);
    if (handle === undefined) return await this.#ask(method, params, "report");
    if (method === "fs/close") this.#handles.delete(handleId);
    if (handle.writes) return await this.#write(handle, method, params);
    if (method === "fs/close") return await this.#close(handle, params);
    return await this.#read(handle, method, params);
  }

  async #open(handleId: string, params: object): Promise<unknown> {
    const answer = await this.#ask("fs/open", params, "repeat");
    const writes = Reflect.get(asObject(params), "mode") === "replace";
    this.#handles.set(handleId, { params, writes, generation: this.#generation });
    return answer;
  }

  async #read(handle: Handle, method: string, params: object): Promise<unknown> {
    for (;;) {
      await this.#ready(handle);
      try {
        return await this.#ask(method, params, "report");
      } catch (error) {
        if (!(error instanceof EffectUnknownError)) throw error;
      }
    }
  }

  async #ready(handle: Handle): Promise<void> {
    while (handle.generation !== this.#generation) {
      handle.reopening ??= this.#ask("fs/open", handle.params, "repeat").then(() => {
        handle.generation = this.#generation;
      });
      try {
        await handle.reopening;
      } finally {
        delete handle.reopening;
      }
    }
  }

  async #write(handle: Handle, method: string, params: object): Promise<unknown> {
    if (handle.generation !== this.#generation) throw incomplete();
    try {
      return await this.#ask(method, params, "report");
    } catch (error) {
      throw error instanceof EffectUnknownError ? incomplete() : error;
    }
  }

  async #close(handle: Handle, params: object): Promise<unknown> {
    if (handle.generation !== this.#generation) return {};
    try {
      return await this.#ask("fs/close", params, "report");
    } catch (error) {
      if (error instanceof EffectUnknownError) return {};
      throw error;
    }
  }
}

function incomplete(): RpcError {
  return new RpcError(
    ErrorCode.internal,
    "the link was cut while the file was being written, so what it holds is unknown; write it again",
  );
}
