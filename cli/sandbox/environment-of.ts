import { readFileSync } from "node:fs";

export type Environment = readonly (readonly [name: string, value: string])[];

/**
 * The environment that the command is to have: what is written, NUL by NUL, behind a descriptor, or what this process
 * was started with, Bun's own variables too.
 */
export function environmentOf(descriptor: number | undefined): Environment {
  const text = readFileSync(descriptor ?? "/proc/self/environ", "utf8");
  return text
    .split("\0")
    .filter((entry) => entry.indexOf("=") > 0)
    .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]);
}
