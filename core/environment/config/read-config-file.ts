import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import { systemReason } from "../../host/system-reason.ts";
import { limits } from "../../limits.ts";
import { positionAt } from "../toml/toml-positions.ts";
import { EnvironmentConfigError } from "./config-error.ts";
import type { ConfigText } from "./parse-config.ts";

/** The text of a file, or undefined where there is none. Throws {@link EnvironmentConfigError}; never waits. */
export function readConfigFile(path: string): ConfigText | undefined {
  let descriptor: number;
  try {
    // A link that leads nowhere is there, and must not be passed over in silence.
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  } catch (error) {
    if (isNotDirectory(error)) return undefined;
    throw failure(path, `failed to inspect environment config \`${path}\`: ${systemReason(error)}`);
  }
  try {
    // Non-blocking: a FIFO would be waited for otherwise.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw failure(path, `failed to read environment config \`${path}\`: ${systemReason(error)}`);
  }
  try {
    const exposed = (fstatSync(descriptor).mode & 0o044) !== 0;
    return { path, text: decode(path, readAll(path, descriptor)), exposed };
  } finally {
    closeSync(descriptor);
  }
}

function readAll(path: string, descriptor: number): Uint8Array {
  const most = limits.environmentsFileBytes;
  const found = fstatSync(descriptor);
  const refuse = (why: string) => failure(path, `failed to read environment config \`${path}\`: ${why}`);
  if (!found.isFile()) throw refuse("it is not a regular file");
  if (found.size > most) throw refuse(`it has ${found.size} bytes, and ${most} are the most`);
  const bytes = new Uint8Array(most + 1);
  let length = 0;
  for (let more = -1; more !== 0 && length <= most; length += more) {
    more = readSync(descriptor, bytes, length, bytes.length - length, null);
  }
  // A file of /proc says that it is empty.
  if (length > most) throw refuse(`it has more than ${most} bytes`);
  return bytes.subarray(0, length);
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const text = new TextDecoder("utf-8").decode(bytes);
    const sentence = `failed to read environment config \`${path}\`: stream did not contain valid UTF-8`;
    throw new EnvironmentConfigError(sentence, { path, position: positionAt(text, text.indexOf("\uFFFD")) });
  }
}

function failure(path: string, sentence: string): EnvironmentConfigError {
  return new EnvironmentConfigError(sentence, { path });
}

function isNotDirectory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOTDIR";
}
