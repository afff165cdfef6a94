import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmSync,
  type Stats,
} from "node:fs";
import { join } from "node:path";
import { homeDirectory } from "../../host/home-directory.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { accountHome } from "./account-home.ts";

/** What this account's servers keep for their sandboxes; no sandbox may see into it. */
export interface PrivateDirectory {
  readonly path: string;
  /** An empty file that nobody may open: it is bound over files that are to be denied. */
  readonly maskFile: string;
  /** Who stands in for names that are missing; see placeholder.ts. */
  readonly placeholders: string;
}

let known: PrivateDirectory | undefined;

/** The same directory for all servers of an account, made when it is first asked for. Throws SandboxRefusal. */
export function privateDirectory(): PrivateDirectory {
  if (known !== undefined && isPrivate(known.path) && isMask(known.maskFile)) return known;
  const faults: string[] = [];
  for (const path of places()) {
    if (isMasked(path)) throw new SandboxRefusal(nested(path));
    try {
      known = prepared(path);
      return known;
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new SandboxRefusal(`no private directory for sandboxes can be had: ${faults.join("; ")}`);
}

function nested(path: string): string {
  return (
    `this process already runs in a sandbox of codex-env, which hides ${path}: ` +
    "another one inside of it can only be read-only, and held by Landlock"
  );
}

/**
 * What no sandbox may have: every place where this account's private directory may ever be, there or not, since a
 * command that makes it would be believed by the next server; and what we keep for people where the environment says.
 */
export function privatePaths(): readonly string[] {
  try {
    // Plans should find it in its place.
    privateDirectory();
  } catch (error) {
    // Whoever needs more than to keep out of it is told.
    if (!(error instanceof SandboxRefusal)) throw error;
  }
  return [...new Set([...places(), ...statePlaces().filter((state) => existsSync(state))])];
}

/** Those that are there: what one server could not use another may have. Makes nothing. */
export function knownPrivateDirectories(): readonly PrivateDirectory[] {
  return places().filter(isPrivate).map(partsOf);
}

function partsOf(path: string): PrivateDirectory {
  return { path, maskFile: join(path, "mask"), placeholders: join(path, "placeholders") };
}

let allPlaces: readonly string[] | undefined;

/**
 * Where it may be, best first. The account alone decides, never the environment: a sandbox of any server of the account
 * keeps its command out of the same places. For an account without a home there is the host's shared memory, of which a
 * sandbox has its own.
 */
function places(): readonly string[] {
  if (allPlaces !== undefined) return allPlaces;
  const account = process.geteuid?.() ?? 0;
  const home = accountHome(account);
  allPlaces = [
    ...(home === undefined ? [] : [join(home, ".local/state/codex-env")]),
    `/dev/shm/codex-env-${account}`,
  ];
  return allPlaces;
}

/** Where history and the registry of sessions are. */
function statePlaces(): readonly string[] {
  const state = process.env["XDG_STATE_HOME"];
  const home = homeDirectory() ?? "";
  return [
    ...(state?.startsWith("/") ? [join(state, "codex-env")] : []),
    ...(home.startsWith("/") ? [join(home, ".local/state/codex-env")] : []),
  ];
}

function prepared(path: string): PrivateDirectory {
  // A home that is not there (`/nonexistent`) is not made by us.
  const above = path.replace(/\/(\.local\/state\/)?[^/]+$/, "");
  if (!existsSync(above)) throw new Error(`there is no ${above}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (!isPrivate(path)) throw new Error(`${path} is not this account's alone`);
  accessSync(path, constants.W_OK);
  const directory = partsOf(path);
  mkdirSync(directory.placeholders, { recursive: true, mode: 0o700 });
  if (!isPrivate(directory.placeholders))
    throw new Error(`${directory.placeholders} is not this account's alone`);
  if (!isMask(directory.maskFile)) makeMask(directory.maskFile);
  return directory;
}

function makeMask(path: string): void {
  rmSync(path, { recursive: true, force: true });
  closeSync(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_RDONLY, 0o600));
  chmodSync(path, 0);
}

function isPrivate(path: string): boolean {
  const found = look(path);
  return found?.isDirectory() === true && isOurs(found) && (found.mode & 0o077) === 0;
}

/** What a sandbox has in its place. Nobody else makes a directory that its owner may not enter. */
function isMasked(path: string): boolean {
  const found = look(path);
  return found?.isDirectory() === true && isOurs(found) && (found.mode & 0o777) === 0;
}

function isMask(path: string): boolean {
  const found = look(path);
  return found?.isFile() === true && isOurs(found) && found.size === 0 && (found.mode & 0o777) === 0;
}

function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // Below a file, for one.
    return undefined;
  }
}

function isOurs(found: Stats): boolean {
  return found.uid === (process.geteuid?.() ?? 0);
}
