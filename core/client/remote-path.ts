/** Bytes that the server's own URIs escape; anything else is sent as it is. */
const escaped = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/|^[\]]/;

/**
 * An absolute path as the file URI of the wire. `.` and `..` are left to the server. Throws TypeError for a path that is
 * not absolute or holds NUL.
 */
export function pathToUri(path: string): string {
  if (!path.startsWith("/") || path.includes("\0")) throw new TypeError(`not an absolute path: ${path}`);
  if (!escaped.test(path)) return `file://${path}`;
  return `file://${path.toWellFormed().split("/").map(encodeURIComponent).join("/")}`;
}

/**
 * The path of a file URI, or a plain path as it is. Names that are not UTF-8 come out with U+FFFD in them, so what is
 * only passed back to the server should stay a URI.
 */
export function uriToPath(uri: string): string {
  if (!uri.startsWith("file:")) return uri;
  const path = uri.replace(/^file:(\/\/(localhost)?)?/i, "");
  try {
    return decodeURIComponent(path);
  } catch {
    return decodeLossy(path);
  }
}

function decodeLossy(path: string): string {
  const bytes = path.replace(/%([0-9a-f]{2})/gi, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return new TextDecoder().decode(Buffer.from(bytes, "latin1"));
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
