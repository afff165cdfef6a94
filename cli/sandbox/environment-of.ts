import { readFileSync } from "node:fs";
import { UsageError } from "../arguments/usage-error.ts";
import { describeError } from "../describe-error.ts";

export type Environment = readonly (readonly [name: string, value: string])[];

/**
 * The environment that the command is to have: what is written, NUL by NUL, behind a descriptor, or what this process
 * was started with, Bun's own variables too. Throws {@link UsageError} where the descriptor cannot be read.
 */
export function environmentOf(descriptor: number | undefined): Environment {
  const text = descriptor === undefined ? readFileSync("/proc/self/environ", "utf8") : textBehind(descriptor);
  return text
    .split("\0")
    .filter((entry) => entry.indexOf("=") > 0)
    .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]);
}

function textBehind(descriptor: number): string {
  try {
    return readFileSync(descriptor, "utf8");
  } catch (error) {
    throw new UsageError(
      `--environment-fd: descriptor ${descriptor} cannot be read: ${describeError(error)}`,
    );
  }
}
