import type { FsMethodName, MethodParams } from "../../protocol/methods.ts";
import type { MethodResults } from "../../protocol/results.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import type { Answer } from "../answer.ts";
import type { FileSystem } from "../file-system.ts";
import { LocalFileSystem } from "../local/local-file-system.ts";
import { withRpcErrors } from "../os-error.ts";
import { FileHandles } from "./file-handles.ts";
import { type FsContext, fsRequests } from "./fs-requests.ts";
import { MissingWatchSlot } from "./missing-watch-slot.ts";
import { RequestOrder } from "./request-order.ts";

export interface FilesystemScopeOptions {
  /** Sends a notification to the connection's client. */
  notify(method: "fs/missingChanged", params: unknown): void;
  /** Default: this machine's files. */
  readonly fileSystem?: FileSystem;
}

/** The fs/* requests of one connection: their order, its open file handles and its watch. */
export class FilesystemScope implements Disposable {
  readonly #context: FsContext;
  readonly #order = new RequestOrder();
  #closed = false;

  constructor({ notify, fileSystem = new LocalFileSystem() }: FilesystemScopeOptions) {
    this.#context = { fileSystem, handles: new FileHandles(), watch: new MissingWatchSlot(), notify };
  }

  /**
   * Runs a request after those before it. What needs no waiting answers at once, with a plain value; else with a
   * promise. Throws or rejects with {@link RpcError}.
   */
  handle<M extends FsMethodName>(method: M, params: MethodParams[M]): Answer<MethodResults[M]> {
    if (this.#closed) throw connectionEnded();
    const { access, run } = fsRequests[method];
    return withRpcErrors(() => this.#order.run(access, () => run(this.#context, params)));
  }

  /** Ends the watch, refuses what waits, and closes the handles once nothing uses them. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#context.watch[Symbol.dispose]();
    this.#order.refuseWaiting(connectionEnded());
    void this.#order.idle().then(() => {
      this.#context.watch[Symbol.dispose]();
      this.#context.handles[Symbol.dispose]();
    });
  }
}

function connectionEnded(): RpcError {
  return new RpcError(ErrorCode.invalidRequest, "the connection of this filesystem request has ended");
}
