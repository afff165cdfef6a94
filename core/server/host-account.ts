import { readFileSync } from "node:fs";
import { homeDirectory } from "../host/home-directory.ts";

export interface HostAccount {
  /** The login shell of the passwd entry, not $SHELL; `/bin/sh` where the account has none. */
  readonly shell: string;
  /** Empty where none is known. */
  readonly home: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The account the server runs as. Not from `userInfo` of node:os, which in Bun tells $SHELL, or the word `unknown`
 * where there is none, as in every `docker exec`.
 */
export function hostAccount(variables: Variables = process.env): HostAccount {
  const entry = passwdEntry(process.getuid?.() ?? -1);
  // An account of a directory service is not in the file, and one that a container was given is nowhere.
  const usual = variables["SHELL"]?.startsWith("/") ? variables["SHELL"] : "/bin/sh";
  if (entry === undefined) return { shell: usual, home: homeDirectory() ?? "" };
  return { shell: entry.shell === "" ? "/bin/sh" : entry.shell, home: entry.home };
}

function passwdEntry(uid: number): HostAccount | undefined {
  for (const line of passwdLines()) {
    const [, , id, , , home = "", shell = ""] = line.split(":");
    if (id === String(uid)) return { shell, home };
  }
  return undefined;
}

function passwdLines(): readonly string[] {
  try {
    return readFileSync("/etc/passwd", "utf8").split("\n");
  } catch {
    return [];
  }
}
