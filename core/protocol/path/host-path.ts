/** An absolute, lexically normal path of this machine. */
export interface HostPath {
  /** What system calls take: a string, or the raw bytes where the name is not UTF-8. */
  readonly native: string | Buffer;
  /** For messages; bytes that are not UTF-8 show as U+FFFD. */
  readonly text: string;
}

/** Makes a path out of an absolute path's text, resolving `.`, `..` and repeated slashes lexically. */
export function hostPath(absolute: string): HostPath {
  const native = normalise(absolute);
  return { native, text: native };
}

/** The same out of raw bytes. */
export function hostPathOfBytes(absolute: Buffer): HostPath {
  const text = absolute.toString();
  if (absolute.equals(Buffer.from(text))) return hostPath(text);
  // Every byte is one character of Latin-1, so that nothing is lost on the way.
  const native = Buffer.from(normalise(absolute.toString("latin1")), "latin1");
  return { native, text: native.toString() };
}

function normalise(absolute: string): string {
  const names: string[] = [];
  for (const name of absolute.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return `/${names.join("/")}`;
}
