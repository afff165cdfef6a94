/** An absolute path as the kernel takes it; a Buffer only where the name is not UTF-8. */
export type NativePath = string | Buffer;

const slash = 47;
/** What a UTF-8 decoder leaves where bytes were not UTF-8. A name that holds it may have lost bytes. */
const replacement = "\uFFFD";

/** `directory/name`. Text stays text; one part that is not UTF-8 makes the whole path bytes. */
export function joinPath(directory: NativePath, name: NativePath): NativePath {
  if (typeof directory === "string" && typeof name === "string") {
    return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
  }
  const head = Buffer.from(directory);
  const separator = head.at(-1) === slash ? [] : [Buffer.from("/")];
  return Buffer.concat([head, ...separator, Buffer.from(name)]);
}

/** The path without its last component; `/` for `/` and its children. */
export function parentPath(path: NativePath): NativePath {
  const end = typeof path === "string" ? path.lastIndexOf("/") : path.lastIndexOf(slash);
  if (end <= 0) return "/";
  return typeof path === "string" ? path.slice(0, end) : nativePath(path.subarray(0, end));
}

/** The components between the slashes. `/` has none. */
export function pathComponents(path: NativePath): NativePath[] {
  if (typeof path === "string") return path.split("/").filter((part) => part !== "");
  const parts: NativePath[] = [];
  for (let start = 0; start < path.length; ) {
    const found = path.indexOf(slash, start);
    const end = found === -1 ? path.length : found;
    if (end > start) parts.push(nativePath(path.subarray(start, end)));
    start = end + 1;
  }
  return parts;
}

/** Bytes from the kernel as a path: text if they are UTF-8. */
export function nativePath(bytes: Buffer): NativePath {
  const text = bytes.toString("utf8");
  return mayHaveLostBytes(text) && !Buffer.from(text).equals(bytes) ? bytes : text;
}

/** For messages: bytes that are not UTF-8 show as U+FFFD. */
export function pathText(path: NativePath): string {
  return typeof path === "string" ? path : path.toString("utf8");
}

/** A name that came out of a lossy decoder needs a second look at its bytes. */
export function mayHaveLostBytes(text: string): boolean {
  return text.includes(replacement);
}
