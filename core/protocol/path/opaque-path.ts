const prefix = "%00/bad/path/";
/** A first name that reads as a Windows drive (a file URI cannot say that it is none), or a NUL. */
const unspeakable = /^\/[A-Za-z]:(?:\/|$)|\0/;

/** Whether no ordinary file URI can name an absolute native path. */
export function isOpaque(path: string | Buffer): boolean {
  return unspeakable.test(typeof path === "string" ? path : path.toString("latin1"));
}

/** The reference's spelling, behind `file:///`, of a path that is {@link isOpaque}. */
export function spellOpaque(path: string | Buffer): string {
  return prefix + Buffer.from(path).toString("base64url");
}

/** The bytes behind such a spelling, or null when it is none. */
export function readOpaque(spelling: string): Buffer | null {
  if (!spelling.startsWith(prefix)) return null;
  const encoded = spelling.slice(prefix.length);
  const bytes = Buffer.from(encoded, "base64url");
  return encoded !== "" && bytes.toString("base64url") === encoded ? bytes : null;
}
