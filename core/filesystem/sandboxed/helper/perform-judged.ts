import { closeSync } from "node:fs";
import { limits } from "../../../limits.ts";
import { encodeBase64 } from "../../../protocol/base64.ts";
import { type Answer, andThen, withCleanup } from "../../answer.ts";
import { follow, requestedPath } from "../../handler/requested-path.ts";
import { readOpened } from "../../local/read-file.ts";
import type { JudgedFileSystem } from "../judged-file-system.ts";
import { handDescriptor } from "./hand-descriptor.ts";
import type { HelperRequest } from "./operation.ts";
import { performOn } from "./run-operation.ts";

/** Performs a request of the server: what it opens, and large content, goes over as a descriptor. */
export function performJudged(fileSystem: JudgedFileSystem, request: HelperRequest): Answer<object> {
  const { operation, params } = request;
  if (operation === "fs/open") {
    return handDescriptor(fileSystem.openDescriptor(requestedPath(params), params.mode).descriptor);
  }
  if (operation !== "fs/readFile") return performOn(fileSystem, request);
  const path = requestedPath(params);
  const file = fileSystem.openDescriptor(path, "read", follow(params));
  if (file.found.size >= limits.fsHelperHandedBytes) return handDescriptor(file.descriptor);
  const content = withCleanup(
    () => readOpened(file, path),
    () => closeSync(file.descriptor),
  );
  return andThen(content, (bytes) => ({ dataBase64: encodeBase64(bytes) }));
}
