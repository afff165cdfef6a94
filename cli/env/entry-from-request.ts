import { resolve } from "node:path";
import { idFault } from "../../core/environment/config/environment-id.ts";
import { urlFault } from "../../core/environment/config/url-fault.ts";
import type { EntryToAdd, Members } from "../../core/environment/edit/entry-to-add.ts";
import {
  type ServerPlace,
  ServerPlaceError,
  serverProgram,
} from "../../core/environment/edit/server-program.ts";
import { UsageError } from "../command.ts";
import { readToken } from "../link/read-token.ts";
import { parseSessionTtl, parseVariables } from "../link/session-options.ts";
import { type AddRequest, flagPlaces, type Place, places } from "./add-request.ts";
import { isUnixUrl, unixSocketEntry } from "./unix-socket-entry.ts";

/** The entry that is meant. Throws UsageError for what does not fit together, or cannot be. */
export function entryFromRequest(request: AddRequest): EntryToAdd {
  const wrongId = idFault(request.name);
  if (wrongId !== undefined) throw new UsageError(wrongId);
  const place = placeOf(request);
  for (const [field, flag, fits] of flagPlaces) {
    if (isGiven(request[field]) && !fits.includes(place)) {
      throw new UsageError(`${flag} is for ${fits.map((fit) => `--${fit}`).join(" and ")}`);
    }
  }
  if (request.server !== undefined && request.binary !== undefined) {
    throw new UsageError("--server is one that is there, and --binary one to be put there: say one of them");
  }
  const { members, extraTables } = place === "url" ? urlMembers(request) : programMembers(request, place);
  const timeout = seconds(request.initializeTimeout, "--initialize-timeout");
  const sessionTtl = request.sessionTtl === undefined ? undefined : parseSessionTtl(request.sessionTtl);
  return {
    id: request.name,
    members: { ...members, ...(timeout === undefined ? {} : { initialize_timeout_sec: timeout }) },
    extras: extrasOf(request),
    extraTables: {
      ...extraTables,
      ...(sessionTtl === undefined ? {} : { reconnect: { session_ttl_sec: sessionTtl } }),
    },
  };
}

function placeOf(request: AddRequest): Place {
  const given = places.filter((place) => request[place] !== undefined);
  const [place, other] = given;
  const ways = places.map((one) => `--${one}`).join(", ");
  if (place === undefined) throw new UsageError(`say where it is, with one of ${ways}`);
  if (other !== undefined) throw new UsageError(`--${place} and --${other} are two places: say one`);
  return place;
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}

interface Parts {
  readonly members: Members;
  readonly extraTables: EntryToAdd["extraTables"];
}

function urlMembers(request: AddRequest): Parts {
  if (isUnixUrl(request.url)) return unixSocketEntry(request);
  const url = (request.url ?? "").trim();
  const wrong = urlFault(url);
  if (wrong !== undefined) throw new UsageError(wrong);
  if (/^wss?:\/\/[^/?#]*@/.test(url)) {
    throw new UsageError(
      "the URL holds a user name or password, which Codex shows to its model; use --token-file",
    );
  }
  if (request.storeToken && request.tokenFile === undefined)
    throw new UsageError("--store-token needs --token-file");
  return {
    members: {
      url,
      auth_bearer_token: request.storeToken ? readToken(request.tokenFile, {})?.reveal() : undefined,
      connect_timeout_sec: seconds(request.connectTimeout, "--connect-timeout"),
    },
    extraTables: {},
  };
}

function extrasOf({ tokenFile, storeToken, caFile }: AddRequest): Members {
  // Read once now, so that a slip shows at once.
  if (tokenFile !== undefined) readToken(tokenFile, {});
  return {
    token_file: tokenFile === undefined || storeToken ? undefined : resolve(tokenFile),
    ca_file: caFile === undefined ? undefined : resolve(caFile),
  };
}

function programMembers(request: AddRequest, place: Exclude<Place, "url">): Parts {
  const variables = parseVariables(request.env);
  const env = Object.keys(variables).length === 0 ? undefined : variables;
  if (place === "program") {
    const program = (request.program ?? "").trim();
    if (program === "") throw new UsageError("--program is empty");
    const { programArgs, cwd } = request;
    const args = programArgs.length === 0 ? undefined : programArgs;
    return {
      members: { program, args, env, cwd: cwd === undefined ? undefined : resolve(cwd) },
      extraTables: {},
    };
  }
  const server = serverPlace(request, place);
  const { program, args, initializeTimeoutSeconds } = programOf(server, request.server ?? "codex-env");
  return {
    members: { program, args, env, initialize_timeout_sec: initializeTimeoutSeconds },
    extraTables:
      server.kind === "ssh"
        ? {
            ssh: {
              destination: server.destination,
              jump: server.jump.length === 0 ? undefined : server.jump,
            },
          }
        : { container: { engine: server.kind, name: server.name } },
  };
}

function programOf(server: ServerPlace, binary: string) {
  try {
    return serverProgram(server, binary);
  } catch (error) {
    throw error instanceof ServerPlaceError ? new UsageError(error.message) : error;
  }
}

function serverPlace(request: AddRequest, place: Exclude<Place, "url" | "program">): ServerPlace {
  const name = request[place] ?? "";
  const { namespace, container, context, user, identity, jump } = request;
  switch (place) {
    case "ssh": {
      const port = portOf(request.port);
      return {
        kind: place,
        destination: name,
        jump,
        ...(port === undefined ? {} : { port }),
        ...(identity === undefined ? {} : { identityFile: resolve(identity) }),
      };
    }
    case "docker":
    case "podman":
      return { kind: place, name, ...(user === undefined ? {} : { user }) };
    case "kubectl":
      return {
        kind: place,
        name,
        ...(namespace === undefined ? {} : { namespace }),
        ...(container === undefined ? {} : { container }),
        ...(context === undefined ? {} : { context }),
      };
  }
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new UsageError(`--port: "${text}" is no port`);
  return port;
}

function seconds(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (value <= 0) throw new UsageError(`${flag}: "${text}" is no number of seconds above 0`);
  return value;
}
