import { limits } from "../../limits.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import { type Answer, andThen } from "../answer.ts";
import type { OpenFile } from "../file-system.ts";
import { invalidInput } from "../os-error.ts";

/** The open files of one connection, under the ids that its client chose. */
export class FileHandles implements Disposable {
  readonly #files = new Map<string, OpenFile>();

  /** Opens a file under a new id. */
  open(id: string, open: () => Answer<OpenFile>): Answer<void> {
    checkId(id);
    if (this.#files.has(id)) throw invalidInput(`file handle \`${id}\` already exists`);
    if (this.#files.size >= limits.fsHandles) {
      throw invalidInput(`at most ${limits.fsHandles} file handles may be open per connection`);
    }
    return andThen(open(), (file) => {
      this.#files.set(id, file);
    });
  }

  get(id: string): OpenFile {
    checkId(id);
    const file = this.#files.get(id);
    if (file === undefined) throw new RpcError(ErrorCode.notFound, `unknown file handle \`${id}\``);
    return file;
  }

  /** Unknown ids are fine. */
  close(id: string): Answer<void> {
    checkId(id);
    const file = this.#files.get(id);
    this.#files.delete(id);
    return file?.close();
  }

  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }
}

/** The limit counts UTF-8 bytes. */
function checkId(id: string): void {
  if (Buffer.byteLength(id) > limits.fsHandleIdBytes) {
    throw invalidInput(`file handle ID must not exceed ${limits.fsHandleIdBytes} bytes`);
  }
}
