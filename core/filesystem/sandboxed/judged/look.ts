import { lstatSync, type Stats } from "node:fs";
import { Errno } from "../../../host/errno.ts";
import type { FileMetadata } from "../../../protocol/results.ts";
import type { FollowOption } from "../../file-system.ts";
import { metadataOf } from "../../local/get-metadata.ts";
import type { NativePath } from "../../native-path.ts";
import { normalizedComponents } from "../../no-follow/pinned-parent.ts";
import { invalidInput, osFailure } from "../../os-error.ts";
import type { Judge } from "../judge.ts";
import { foundAt, locate, type Place } from "../locate.ts";

/** What a path is, if that may be told. A link tells of its target, and that it is a link. */
export function metadataJudged(
  judge: Judge,
  path: NativePath,
  { followSymlinks = true }: FollowOption,
): FileMetadata {
  if (!followSymlinks) return metadataOf(lookWithoutFollowing(judge, path), false);
  using own = locate(judge, path, "link");
  const found = lookAt(judge, own);
  if (!found.isSymbolicLink()) return metadataOf(found, false);
  return metadataOf(statJudged(judge, path), true);
}

/** What a path leads to, if that may be told. */
function statJudged(judge: Judge, path: NativePath): Stats {
  using place = locate(judge, path, "target");
  return lookAt(judge, place);
}

/** The real path of something that exists. That of a denied object says no more than the listing of its directory. */
export function canonicalizeJudged(judge: Judge, path: NativePath): NativePath {
  using place = locate(judge, path, "target");
  nameAt(judge, place);
  return place.path;
}

/** What kind of thing a name leads to, which its directory shows of denied ones too. Of those, nothing else is told. */
export function kindJudged(judge: Judge, path: NativePath): Pick<Stats, "isFile" | "isDirectory"> {
  using place = locate(judge, path, "target");
  return nameAt(judge, place);
}

function nameAt(judge: Judge, place: Place): Stats {
  const found = foundAt(place);
  if (!judge.isNamed(place.path)) throw osFailure(Errno.ENOENT);
  return found;
}

function lookWithoutFollowing(judge: Judge, path: NativePath): Stats {
  if (normalizedComponents(path).length === 0) return lstatSync("/");
  using place = locate(judge, path, "refuse");
  const found = lookAt(judge, place);
  if (found.isSymbolicLink()) throw invalidInput("path contains a symbolic link");
  return found;
}

/** A directory on the way to something that is granted may be looked at; what is denied may not. */
function lookAt(judge: Judge, place: Place): Stats {
  const { access, leadsOn } = judge.standing(place.path);
  if (access === "deny") throw osFailure(Errno.EACCES);
  const found = foundAt(place);
  if (found.isSymbolicLink()) judge.requireLink(place.path);
  else if (access === "hidden" && !leadsOn) throw osFailure(Errno.ENOENT);
  return found;
}
