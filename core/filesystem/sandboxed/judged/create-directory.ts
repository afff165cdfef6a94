import { closeSync, mkdirSync } from "node:fs";
import { Errno } from "../../../host/errno.ts";
import { ErrorCode } from "../../../protocol/rpc-error.ts";
import type { FollowOption } from "../../file-system.ts";
import { joinPath, type NativePath, parentPath, pathComponents } from "../../native-path.ts";
import { entryOf, openChild, openDirectory } from "../../no-follow/pinned-parent.ts";
import { errnoOf, osFailure, toRpcError } from "../../os-error.ts";
import type { Judge } from "../judge.ts";
import { type Following, locate, type Place } from "../locate.ts";
import { followingOf } from "./following.ts";

type CreateOptions = FollowOption & { readonly recursive?: boolean };

/** Makes a directory, with `recursive` its parents too; nothing is made unless all of it may be. */
export function createJudged(judge: Judge, path: NativePath, options: CreateOptions): void {
  const { recursive = true } = options;
  if (pathComponents(path).length === 0) return recursive ? undefined : mkdirSync("/");
  const following = followingOf(path, options);
  if (!recursive) {
    // A link is something that is there, whatever it leads to.
    using place = locate(judge, path, following === "target" ? "link" : following);
    if (place.found !== undefined && judge.isNamed(place.path)) throw osFailure(Errno.EEXIST);
    judge.requireWrite(place.path, place.found !== undefined);
    return mkdirSync(place.entry);
  }
  const missing: NativePath[] = [];
  using start = nearest(judge, path, { following, missing });
  let made = start.path;
  for (const name of missing) {
    judge.requireWrite(made, true);
    made = joinPath(made, name);
    judge.requireWrite(made, false);
  }
  makeAll(start, missing);
}

/** The deepest directory on the way that exists; the names below it that do not come into `missing`, in order. */
function nearest(
  judge: Judge,
  path: NativePath,
  way: { readonly following: Following; readonly missing: NativePath[] },
): Place {
  const place = existing(judge, path, way.following);
  if (place !== null) return standing(judge, place);
  const name = pathComponents(path).at(-1);
  if (name === undefined) throw osFailure(Errno.ENOENT);
  way.missing.unshift(name);
  return nearest(judge, parentPath(path), way);
}

/** The directory that a path leads to; null: nothing is there. Anything else is in the way. */
function existing(judge: Judge, path: NativePath, following: Following): Place | null {
  const own = unless([ErrorCode.notFound], () =>
    locate(judge, path, following === "target" ? "link" : following),
  );
  if (own === null || own.found?.isDirectory()) return own;
  own[Symbol.dispose]();
  if (own.found === undefined) return null;
  if (own.found.isSymbolicLink() && following === "target") {
    const target = unless([ErrorCode.notFound, ErrorCode.internal], () => locate(judge, path, "target"));
    if (target?.found?.isDirectory()) return target;
    target?.[Symbol.dispose]();
  }
  if (!judge.isNamed(own.path)) throw osFailure(Errno.ENOENT);
  throw osFailure(following === "refuse" ? Errno.ENOTDIR : Errno.EEXIST);
}

/** It is there; whether it is there for this profile is still to be said. */
function standing(judge: Judge, place: Place): Place {
  try {
    judge.requireWay(place.path);
    return place;
  } catch (cause) {
    place[Symbol.dispose]();
    throw cause;
  }
}

/** Null when looking fails so: nothing is there, or (internal) a link leads round or through a file. */
function unless(codes: readonly ErrorCode[], look: () => Place): Place | null {
  try {
    return look();
  } catch (cause) {
    const { code } = toRpcError(cause);
    if (codes.some((excused) => excused === code)) return null;
    throw cause;
  }
}

function makeAll(start: Place, missing: readonly NativePath[]): void {
  let directory = openDirectory(start.entry);
  try {
    for (const name of missing) {
      makeOrKeep(directory, name);
      const next = openChild(directory, name);
      closeSync(directory);
      directory = next;
    }
  } finally {
    closeSync(directory);
  }
}

function makeOrKeep(directory: number, name: NativePath): void {
  try {
    mkdirSync(entryOf(directory, name));
  } catch (cause) {
    // Somebody else made it meanwhile; opening it tells what it is.
    if (errnoOf(cause) !== Errno.EEXIST) throw cause;
  }
}
