import { homedir } from "node:os";

/**
 * HOME, else the home of the account. Undefined where neither is known, as for a number that has no account: `homedir`
 * of node:os throws then.
 */
export function homeDirectory(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const named = variables["HOME"];
  if (named) return named;
  try {
    return homedir() || undefined;
  } catch {
    return undefined;
  }
}
