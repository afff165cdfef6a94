import { limits } from "../../core/limits.ts";
import type { TlsChoice } from "../../core/transport/ws-client-dial.ts";
import { UsageError } from "../command.ts";
import { readGivenFile } from "./read-given-file.ts";

/** `--session-ttl` as a number of seconds. Throws UsageError. */
export function parseSessionTtl(text: string): number {
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > limits.sessionTtlMaxSeconds) {
    throw new UsageError(
      `--session-ttl: "${text}" is not a number of seconds from 1 to ${limits.sessionTtlMaxSeconds}`,
    );
  }
  return seconds;
}

/** `--ca-file` as what TLS trusts beside the usual authorities. Throws UsageError. */
export function readAuthorities(file: string | undefined): TlsChoice | undefined {
  if (file === undefined) return undefined;
  return { authorities: readGivenFile("--ca-file", file) };
}

/** `NAME=VALUE` words as variables; later ones win. Throws UsageError. */
export function parseVariables(words: readonly string[]): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const word of words) {
    const equals = word.indexOf("=");
    if (equals < 1) throw new UsageError(`--env: "${word}" is not NAME=VALUE`);
    variables[word.slice(0, equals)] = word.slice(equals + 1);
  }
  return variables;
}
