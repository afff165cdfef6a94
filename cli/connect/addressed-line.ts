/** A line and, where it begins with `@NAME`, the environment that it is for. */
export interface AddressedLine {
  readonly environment: string | undefined;
  readonly line: string;
}

/** `@NAME LINE` is for the environment NAME; every other line is for where lines run. */
export function addressedLine(text: string): AddressedLine {
  const [, environment, line = ""] = /^\s*@([A-Za-z0-9_-]+)(?:\s+(.*))?$/s.exec(text) ?? [];
  return environment === undefined ? { environment, line: text } : { environment, line };
}
