import type { FsMethodName, MethodParams } from "../../protocol/methods.ts";
import type { MethodResults } from "../../protocol/results.ts";
import type { Answer } from "../answer.ts";
import type { FilesystemScope, FilesystemScopeOptions } from "./filesystem-scope.ts";

/** The filesystem of one connection, whose code is loaded with the first request of it. Requests keep their order. */
export class LateFilesystemScope implements Disposable {
  readonly #options: FilesystemScopeOptions;
  #scope: FilesystemScope | undefined;
  #loading: Promise<FilesystemScope> | undefined;
  #closed = false;

  constructor(options: FilesystemScopeOptions) {
    this.#options = options;
  }

  /** As {@link FilesystemScope.handle}. */
  handle<M extends FsMethodName>(method: M, params: MethodParams[M]): Answer<MethodResults[M]> {
    if (this.#scope !== undefined) return this.#scope.handle(method, params);
    this.#loading ??= this.#load();
    return this.#loading.then((scope) => scope.handle(method, params));
  }

  /** As {@link FilesystemScope.drained}. */
  drained(): void {
    this.#scope?.drained();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#scope?.[Symbol.dispose]();
  }

  async #load(): Promise<FilesystemScope> {
    const { FilesystemScope } = await import("./filesystem-scope.ts");
    const scope = new FilesystemScope(this.#options);
    // What waits is refused then, as it would be without the wait.
    if (this.#closed) scope[Symbol.dispose]();
    this.#scope = scope;
    return scope;
  }
}
