import type { Answer } from "../../answer.ts";
import type { FileSystem } from "../../file-system.ts";
import { FileHandles } from "../../handler/file-handles.ts";
import type { FsContext } from "../../handler/fs-context.ts";
import { fsRequests } from "../../handler/fs-requests.ts";
import { MissingWatchSlot } from "../../handler/missing-watch-slot.ts";
import type { HelperRequest } from "./operation.ts";

/** Does what the wire's method does, and answers with its result; nothing of it stays behind. */
export async function performOn(fileSystem: FileSystem, request: HelperRequest): Promise<object> {
  using handles = new FileHandles();
  using watch = new MissingWatchSlot();
  // Sound: operation and params come as a pair out of one request; TypeScript cannot tie the two for a union.
  const run = fsRequests[request.operation].run as (context: FsContext, params: unknown) => Answer<object>;
  return await run({ fileSystem, handles, watch, notify() {} }, request.params);
}
