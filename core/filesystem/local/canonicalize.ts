import { realpathSync } from "node:fs";
import { mayHaveLostBytes, type NativePath, nativePath } from "../native-path.ts";

/** The real path of something that exists. */
export function canonicalize(path: NativePath): NativePath {
  if (typeof path === "string") {
    const real = realpathSync.native(path);
    if (!mayHaveLostBytes(real)) return real;
  }
  return nativePath(realpathSync.native(path, { encoding: "buffer" }));
}
