import { readFileSync } from "node:fs";

/**
 * The account's home as the system's list of accounts has it, whatever the environment says: whoever runs as this
 * account finds the same. Undefined for an account that is not listed, or has no home of its own.
 */
export function accountHome(account: number): string | undefined {
  let list: string;
  try {
    list = readFileSync("/etc/passwd", "utf8");
  } catch {
    return undefined;
  }
  for (const line of list.split("\n")) {
    const [, , number, , , home = ""] = line.split(":");
    if (number !== String(account)) continue;
    return /^\/[^/]/.test(home) ? home.replace(/\/+$/, "") : undefined;
  }
  return undefined;
}
