/**
 * An error of our own for the log: its kind, and where in our code it was thrown. Not its message, which may
 * quote a path, an argument or a body.
 */
export function describeInternalError(error: unknown): { error: string; at: string } {
  if (!(error instanceof Error)) return { error: typeof error, at: "unknown" };
  const code = "code" in error && typeof error.code === "string" ? ` ${error.code}` : "";
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const at = frames.slice(0, 4).map((line) => line.trim().replace(/^at /, ""));
  return { error: `${error.name}${code}`, at: at.join(" < ") };
}
