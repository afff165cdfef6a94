import type { FsMethodName, MethodParams } from "../../../protocol/methods.ts";
import { PathUri } from "../../../protocol/path/path-uri.ts";

/** What a helper does; handles, blocks and watches stay with the server. */
export const helperOperations = [
  "fs/open",
  "fs/readFile",
  "fs/writeFile",
  "fs/createDirectory",
  "fs/getMetadata",
  "fs/canonicalize",
  "fs/readDirectory",
  "fs/walk",
  "fs/remove",
  "fs/copy",
] as const satisfies readonly FsMethodName[];

export type HelperOperation = (typeof helperOperations)[number];

/** One request as a helper takes it, the params as on the wire, without a sandbox. */
export type HelperRequest = {
  readonly [M in HelperOperation]: { readonly operation: M; readonly params: MethodParams[M] };
}[HelperOperation];

export function isHelperOperation(name: string): name is HelperOperation {
  return (helperOperations as readonly string[]).includes(name);
}

const pathMembers = new Set(["path", "sourcePath", "destinationPath"]);

/** The paths of params as {@link PathUri}; the server has checked everything else before it wrote them. */
export function revivePaths(key: string, value: unknown): unknown {
  return pathMembers.has(key) && typeof value === "string" ? PathUri.parse(value) : value;
}
