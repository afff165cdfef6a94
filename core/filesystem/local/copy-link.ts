import { readlinkSync, symlinkSync } from "node:fs";
import type { NativePath } from "../native-path.ts";

/** Makes a link with the same text. */
export function copyLink(source: NativePath, destination: NativePath): void {
  symlinkSync(readlinkSync(source, { encoding: "buffer" }), destination);
}
