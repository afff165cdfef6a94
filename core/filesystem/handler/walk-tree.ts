import type { MethodParams } from "../../protocol/methods.ts";
import { formatPath, type PathForm } from "../../protocol/path/format-path.ts";
import type { MethodResults } from "../../protocol/results.ts";
import { type Answer, andThen } from "../answer.ts";
import type { FileSystem, WalkOptions, WalkResult } from "../file-system.ts";
import { requestedPath } from "./requested-path.ts";

/** Walks, and answers with paths in the form of the question; their length there counts towards the answer's budget. */
export function walkTree(
  fileSystem: FileSystem,
  params: MethodParams["fs/walk"],
): Answer<MethodResults["fs/walk"]> {
  const { form } = params.path;
  const options: WalkOptions = {
    ...params.options,
    pathBytes: (path) => Buffer.byteLength(formatPath(path, form)),
  };
  return andThen(fileSystem.walk(requestedPath(params), options), (result) => formatWalk(result, form));
}

function formatWalk({ entries, errors, truncated }: WalkResult, form: PathForm): MethodResults["fs/walk"] {
  return {
    entries: entries.map(({ path, kind }) => ({ path: formatPath(path, form), kind })),
    errors: errors.map(({ path, message }) => ({ path: formatPath(path, form), message })),
    truncated,
  };
}
