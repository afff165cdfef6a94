import { cureFor } from "../../core/environment/cure-for.ts";
import type { EntryToAdd } from "../../core/environment/edit/entry-to-add.ts";
import { InstallError } from "../../core/environment/install/install-error.ts";
import type { AddRequest } from "./add-request.ts";
import { ownCommand } from "./own-command.ts";
import { type PlacedServer, placeServer, type RemoteCommand } from "./place-server.ts";
import { warn } from "./warn.ts";

/** How many times the first look at a place may take before a client gives up its first answer. */
const patience = 4;

/**
 * The entry as it is written down once codex-env is where it leads: with its path there, a timeout that fits, and where a
 * login prints among the protocol, with `codex-env dial` before it for the clients that would stumble. Rejects with
 * InstallError.
 */
export async function withServer(entry: EntryToAdd, request: AddRequest): Promise<EntryToAdd> {
  const command = commandOf(entry);
  if (command === undefined) return entry;
  const placed = leavesAsIs(request)
    ? undefined
    : await placing({ label: labelOf(request), ...command, given: request.binary });
  if (placed === undefined) return request.dial ? dialed(entry, command.argv) : entry;
  const timed = withTimeout(withArgv(entry, placed.argv), placed, request);
  if (!placed.facts.noise && !request.dial) return timed;
  if (!request.dial) {
    await warn([
      `a login prints lines on ${labelOf(request)}, at which other clients would stop: they go through codex-env dial`,
    ]);
  }
  return dialed(timed, placed.argv);
}

async function placing(command: RemoteCommand): Promise<PlacedServer | undefined> {
  try {
    return await placeServer(command);
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    const cure = cureFor(error.message);
    const hint = "--no-install writes the entry all the same";
    throw new InstallError(`${error.message} (${cure === undefined ? hint : `${cure}; ${hint}`})`, {
      cause: error,
    });
  }
}

/** Of a program of the user's own only codex-env env update thinks that it runs other commands as well. */
function leavesAsIs({ install, server, program, binary }: AddRequest): boolean {
  return !install || server !== undefined || (program !== undefined && binary === undefined);
}

function labelOf({ ssh, docker, podman, kubectl, program, name }: AddRequest): string {
  if (ssh !== undefined) return `ssh ${ssh}`;
  if (docker !== undefined) return `docker ${docker}`;
  if (podman !== undefined) return `podman ${podman}`;
  return kubectl === undefined ? (program ?? name) : `kubectl ${kubectl}`;
}

function commandOf({ members }: EntryToAdd) {
  const { program, args, env, cwd } = members;
  if (typeof program !== "string") return undefined;
  return {
    argv: [program, ...(Array.isArray(args) ? args.map(String) : [])],
    ...(typeof cwd === "string" ? { cwd } : {}),
    ...(typeof env === "object" ? { env: textsOf(env) } : {}),
  };
}

function textsOf(table: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, String(value)]));
}

function withArgv(entry: EntryToAdd, [program, ...args]: readonly string[]): EntryToAdd {
  return { ...entry, members: { ...entry.members, program, args } };
}

function withTimeout(entry: EntryToAdd, { facts }: PlacedServer, request: AddRequest): EntryToAdd {
  const usual = entry.members["initialize_timeout_sec"];
  if (request.initializeTimeout !== undefined || typeof usual !== "number") return entry;
  const fitting = Math.max(usual, Math.ceil((patience * facts.elapsedMs) / 1_000));
  return { ...entry, members: { ...entry.members, initialize_timeout_sec: fitting } };
}

function dialed(entry: EntryToAdd, [program, ...args]: readonly string[]): EntryToAdd {
  return {
    ...withArgv(entry, [ownCommand(), "dial", entry.id]),
    extraTables: { ...entry.extraTables, dial: { program, args } },
  };
}
