import type { Answer } from "../../answer.ts";
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
