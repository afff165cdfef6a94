import { parse, TomlError } from "smol-toml";
import { limits } from "../../limits.ts";
import { cutText } from "../../protocol/cut-text.ts";
import { positionOf, type TomlPath, type TomlPosition } from "../toml/toml-positions.ts";
import { EnvironmentConfigError } from "./config-error.ts";
import { ConfigFault } from "./config-fault.ts";
import type { Decode } from "./decode-toml.ts";

/** A file of environments as text. */
export interface ConfigText {
  readonly path: string;
  readonly text: string;
  /** Other accounts may read the file. */
  readonly exposed?: boolean;
}

/** What `decode` makes of the document. Throws {@link EnvironmentConfigError}, which says where the mistake stands. */
export function parseConfig<T>(source: ConfigText, decode: Decode<T>): T {
  const value = parseToml(source);
  return locating(source, () => decode(value));
}

/** Runs `check`; a {@link ConfigFault} that it throws becomes an error that says where in the file it is. */
export function locating<T>(source: ConfigText, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    throw new EnvironmentConfigError(sentence(error, source.path), {
      path: source.path,
      position: findPosition(source.text, error.at),
      suggestion: error.suggestion,
      cure: error.cure,
    });
  }
}

function parseToml({ path, text }: ConfigText): unknown {
  try {
    return parse(text, { integersAsBigInt: true, maxDepth: limits.environmentsFileDepth });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [detail = ""] = error.message.replace(/^Invalid TOML document: /, "").split("\n");
    throw new EnvironmentConfigError(`failed to parse environment config \`${path}\`: ${cutText(detail)}`, {
      path,
      position: { line: error.line, column: error.column },
    });
  }
}

function sentence({ kind, message, within }: ConfigFault, path: string): string {
  if (kind === "rule") return cutText(message);
  const names = within.filter((step) => typeof step === "string");
  const place = names.length === 0 ? "" : `\nin \`${cutText(names.join("."))}\``;
  return `failed to parse environment config \`${path}\`: ${cutText(message)}${place}`;
}

function findPosition(text: string, at: TomlPath): TomlPosition | undefined {
  try {
    return positionOf(text, at);
  } catch {
    // An error without its line is better than none.
    return undefined;
  }
}
