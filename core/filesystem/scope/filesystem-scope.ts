import type { FsMethodName, MethodParams } from "../../protocol/methods.ts";
import type { MethodResults } from "../../protocol/results.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import type { Answer } from "../answer.ts";
import type { FileSystem } from "../file-system.ts";
import { FileHandles } from "../handler/file-handles.ts";
import type { FsContext } from "../handler/fs-context.ts";
import { fsRequests } from "../handler/fs-requests.ts";
import { MissingWatchSlot } from "../handler/missing-watch-slot.ts";
import { RequestOrder } from "../handler/request-order.ts";
import { LocalFileSystem } from "../local/local-file-system.ts";
import { withRpcErrors } from "../os-error.ts";
import type {
  GivenWith,
  SandboxedRequests,
  SandboxedRequestsOptions,
} from "../sandboxed/sandboxed-requests.ts";

export interface FilesystemScopeOptions {
  /** Sends a notification to the connection's client. */
  notify(method: "fs/missingChanged", params: unknown): void;
  /** True while the client leaves answers untaken; requests then wait until {@link FilesystemScope.drained}. */
  congested?(): boolean;
  /** Default: this machine's files. */
  readonly fileSystem?: FileSystem;
  /** How sandboxed requests are held, asked for with the first; absent: they are refused. */
  sandbox?(): Promise<SandboxedRequestsOptions>;
}

/** The fs/* requests of one connection: their order, its open file handles and its watch. */
export class FilesystemScope implements Disposable {
  readonly #context: FsContext;
  readonly #order: RequestOrder;
  readonly #options: FilesystemScopeOptions;
  #sandboxed: SandboxedRequests | undefined;
  #loading: Promise<SandboxedRequests> | undefined;
  #closed = false;

  constructor(options: FilesystemScopeOptions) {
    const { fileSystem = new LocalFileSystem() } = options;
    this.#options = options;
    this.#order = new RequestOrder(() => options.congested?.() ?? false);
    this.#context = {
      fileSystem,
      handles: new FileHandles(),
      watch: new MissingWatchSlot(),
      notify: (method, params) => options.notify(method, params),
    };
  }

  /**
   * Runs a request after those before it. What needs no waiting answers at once, with a plain value; else with a
   * promise. Throws or rejects with {@link RpcError}.
   */
  handle<M extends FsMethodName>(method: M, params: MethodParams[M]): Answer<MethodResults[M]> {
    if (this.#closed) throw connectionEnded();
    const { access, run } = fsRequests[method];
    const sandbox = "sandbox" in params ? params.sandbox : null;
    const start =
      sandbox === null
        ? () => run(this.#context, params)
        : this.#sandboxedStart(method, params, {
            sandbox,
            context: this.#context,
            askedAt: performance.now(),
          });
    return withRpcErrors(() => this.#order.run(access, start));
  }

  #sandboxedStart<M extends FsMethodName>(
    method: M,
    params: MethodParams[M],
    given: GivenWith,
  ): () => Answer<MethodResults[M]> {
    return () => {
      // What restricts is refused further down.
      if (this.#options.sandbox === undefined) return fsRequests[method].run(this.#context, params);
      if (this.#sandboxed !== undefined) return this.#sandboxed.run(method, params, given);
      this.#loading ??= this.#load(this.#options.sandbox());
      return this.#loading.then((sandboxed) => sandboxed.run(method, params, given));
    };
  }

  /** Its code comes with the first sandbox of the connection. */
  async #load(options: Promise<SandboxedRequestsOptions>): Promise<SandboxedRequests> {
    const { SandboxedRequests } = await import("../sandboxed/sandboxed-requests.ts");
    this.#sandboxed = new SandboxedRequests(await options);
    return this.#sandboxed;
  }

  /** The client has taken its answers: requests that waited for that go on. */
  drained(): void {
    this.#order.proceed();
  }

  /** Ends the watch, refuses what waits, and lets handles and helpers go once nothing uses them. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#context.watch[Symbol.dispose]();
    void this.#order.end(connectionEnded()).then(() => {
      // Not sooner: what a helper has begun it may end, so that no half of it stays behind.
      this.#sandboxed?.[Symbol.dispose]();
      this.#context.watch[Symbol.dispose]();
      this.#context.handles[Symbol.dispose]();
    });
  }
}

function connectionEnded(): RpcError {
  return new RpcError(ErrorCode.invalidRequest, "the connection of this filesystem request has ended");
}
