import type { Answer } from "../../answer.ts";
import type { FileSystem } from "../../file-system.ts";
import { FileHandles } from "../../handler/file-handles.ts";
import type { FsContext } from "../../handler/fs-context.ts";
import { fsRequests } from "../../handler/fs-requests.ts";
import { MissingWatchSlot } from "../../handler/missing-watch-slot.ts";
import { toRpcError } from "../../os-error.ts";
import { DeniedUnknown } from "../judge.ts";
import { deniedUnknownLine, errorLine, okLine } from "./answer-line.ts";
import type { HelperRequest } from "./operation.ts";

/** Runs one request, and resolves to the line that answers it. */
export async function runOperation(
  request: HelperRequest,
  perform: (request: HelperRequest) => Answer<object>,
): Promise<string> {
  try {
    return okLine(request.operation, await perform(request));
  } catch (cause) {
    return cause instanceof DeniedUnknown ? deniedUnknownLine : errorLine(toRpcError(cause));
  }
}

/** Does what the wire's method does, and answers with its result; nothing of it stays behind. */
export async function performOn(fileSystem: FileSystem, request: HelperRequest): Promise<object> {
  using handles = new FileHandles();
  using watch = new MissingWatchSlot();
  // Sound: operation and params come as a pair out of one request; TypeScript cannot tie the two for a union.
  const run = fsRequests[request.operation].run as (context: FsContext, params: unknown) => Answer<object>;
  return await run({ fileSystem, handles, watch, notify() {} }, request.params);
}
