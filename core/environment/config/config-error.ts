import type { TomlPosition } from "../toml/toml-positions.ts";

/** What the published client says before every such error. */
const referencePrefix = "exec-server protocol error: ";

export interface ConfigErrorOptions {
  readonly path: string;
  readonly position?: TomlPosition | undefined;
  /** The name that may have been meant. */
  readonly suggestion?: string | undefined;
  /** What mends it. */
  readonly cure?: string | undefined;
}

/** A file of environments that cannot be used: nothing runs until it is put right. */
export class EnvironmentConfigError extends Error {
  override readonly name = "EnvironmentConfigError";
  /** The published client's words for it. */
  readonly reference: string;
  readonly path: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly suggestion: string | undefined;

  constructor(sentence: string, { path, position, suggestion, cure = "" }: ConfigErrorOptions) {
    const file = path.slice(path.lastIndexOf("/") + 1);
    const place = position === undefined ? "" : `line ${position.line}, column ${position.column} of ${file}`;
    const hint = suggestion === undefined ? "" : `did you mean \`${suggestion}\`?`;
    const notes = [place, hint, cure].filter((note) => note !== "").join("; ");
    super(`${sentence.replaceAll("\n", ", ")}${notes === "" ? "" : ` (${notes})`}`);
    this.reference = referencePrefix + sentence;
    this.path = path;
    this.line = position?.line;
    this.column = position?.column;
    this.suggestion = suggestion;
  }
}
