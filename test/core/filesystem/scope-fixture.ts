import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FilesystemScope } from "../../../core/filesystem/scope/filesystem-scope.ts";
import { decodeParams, type FsMethodName } from "../../../core/protocol/methods.ts";
import { RpcError } from "../../../core/protocol/rpc-error.ts";

/** What a request came to, as the wire shows it. */
export type Outcome =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } };

/** A connection's filesystem scope over a directory of its own. */
export class ScopeFixture implements AsyncDisposable {
  readonly directory: string;
  readonly scope: FilesystemScope;
  readonly notifications: unknown[] = [];

  constructor(parent = tmpdir()) {
    this.directory = mkdtempSync(join(parent, "codex-env-fs-"));
    this.scope = new FilesystemScope({
      notify: (method, params) => {
        this.notifications.push({ method, params });
      },
    });
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  uri(name: string): string {
    return `file://${this.path(name)}`;
  }

  /** Sends a request as the wire brings it; the answer may be there at once. */
  handle(method: FsMethodName, params: Record<string, unknown>): unknown {
    // Sound: decodeParams checks what the test wrote, which is plain JSON.
    return this.scope.handle(method, decodeParams(method, params as Parameters<typeof decodeParams>[1]));
  }

  /** The same, come to its end. Paths in messages show the directory as `<T>`. */
  async call(method: FsMethodName, params: Record<string, unknown>): Promise<Outcome> {
    try {
      return { result: await this.handle(method, params) };
    } catch (cause) {
      if (!(cause instanceof RpcError)) throw cause;
      return { error: { code: cause.code, message: cause.message.replaceAll(this.directory, "<T>") } };
    }
  }

  writeFile(
    name: string,
    content: string | Uint8Array,
    options: Record<string, unknown> = {},
  ): Promise<Outcome> {
    const dataBase64 = Buffer.from(content).toString("base64");
    return this.call("fs/writeFile", { path: this.uri(name), dataBase64, ...options });
  }

  content(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  /** Names in the directory, sorted: shows what was left behind. */
  names(): string[] {
    return readdirSync(this.directory).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.scope[Symbol.dispose]();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export const ok: Outcome = { result: {} };

export function failure(code: number, message: string): Outcome {
  return { error: { code, message } };
}
