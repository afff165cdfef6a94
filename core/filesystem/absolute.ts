import { type NativePath, pathText } from "./native-path.ts";
import { invalidInput } from "./os-error.ts";

const slash = 47;

/**
 * The path as it is. Throws an RpcError for one that is not absolute: it would mean a file of this program's directory
 * here, and another file or none on a server, where the empty one would be the root.
 */
export function absolute(path: NativePath): NativePath {
  const first = typeof path === "string" ? path.charCodeAt(0) : path[0];
  if (first === slash) return path;
  throw invalidInput(`${JSON.stringify(pathText(path))} is not an absolute path`);
}
