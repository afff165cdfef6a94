import type { MethodParams } from "../../protocol/methods.ts";
import type { Answer } from "../answer.ts";
import type { NativePath } from "../native-path.ts";
import type { FsContext } from "./fs-context.ts";

/**
 * Begins a watch, or says that it does not. Paths of another host cannot be watched here; as all that cannot be, that
 * is no error.
 */
export function watchMissing(context: FsContext, params: MethodParams["fs/watchMissing"]): Answer<boolean> {
  const { watchId } = params;
  return context.watch.replace(watchId, () => {
    const paths = hostPaths(params.missing);
    const present = params.present === null ? [null] : hostPaths([params.present]);
    if (paths === null || present === null) return null;
    const changed = () => context.notify("fs/missingChanged", { watchId });
    return context.fileSystem.watchMissing(paths, changed, present[0] ?? null);
  });
}

function hostPaths(paths: MethodParams["fs/watchMissing"]["missing"]): NativePath[] | null {
  try {
    return paths.map((path) => path.toHost().native);
  } catch {
    return null;
  }
}
