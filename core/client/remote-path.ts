import { formatPath } from "../protocol/path/format-path.ts";
import { unescapeBytes } from "../protocol/path/percent.ts";

/** An absolute path as the file URI of the wire. */
export function pathToUri(path: string): string {
  return formatPath(path, "uri");
}

/**
 * The path of a file URI, or a plain path as it is. Names that are not UTF-8 come out with U+FFFD in them, so what is
 * only passed back to the server should stay a URI.
 */
export function uriToPath(uri: string): string {
  if (!uri.startsWith("file:")) return uri;
  return unescapeBytes(uri.replace(/^file:(\/\/(localhost)?)?/i, "")).toString("utf8");
}

/** `path` seen from the directory `from`: `..` and `.` resolved by name alone. */
export function resolveRemote(from: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${from}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
