import { unixUrlFault } from "../../core/environment/config/unix-url-fault.ts";
import type { EntryToAdd } from "../../core/environment/edit/entry-to-add.ts";
import { UsageError } from "../command.ts";
import type { AddRequest } from "./add-request.ts";
import { ownCommand } from "./own-command.ts";

export function isUnixUrl(url: string | undefined): boolean {
  return /^\s*unix:/.test(url ?? "");
}

/**
 * A server at `unix:///PATH`. The published client knows no such URL and would refuse the whole file: it comes there
 * through `codex-env dial`, and we go straight to the socket. Throws UsageError.
 */
export function unixSocketEntry(request: AddRequest): Pick<EntryToAdd, "members" | "extraTables"> {
  const url = (request.url ?? "").trim();
  for (const flag of ["storeToken", "caFile", "connectTimeout"] as const) {
    if (request[flag] !== undefined && request[flag] !== false) {
      throw new UsageError(`${flagNames[flag]} is for ws:// and wss://, and not for a Unix socket`);
    }
  }
  const wrong = unixUrlFault(url);
  if (wrong !== undefined) throw new UsageError(wrong);
  return {
    members: { program: ownCommand(), args: ["dial", request.name] },
    extraTables: { dial: { url } },
  };
}

const flagNames = {
  storeToken: "--store-token",
  caFile: "--ca-file",
  connectTimeout: "--connect-timeout",
} as const;
