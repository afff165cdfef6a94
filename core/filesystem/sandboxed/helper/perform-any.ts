import type { Judge } from "../judge.ts";
import { JudgedFileSystem } from "../judged-file-system.ts";
import type { HelperRequest } from "./operation.ts";
import { performOn } from "./perform-on.ts";

/** Any request that has no descriptor for an answer. */
export function performAny(judge: Judge, request: HelperRequest): Promise<object> {
  return performOn(new JudgedFileSystem(judge), request);
}
