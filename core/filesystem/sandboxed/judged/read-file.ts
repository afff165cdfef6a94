import { closeSync, type Stats } from "node:fs";
import { Errno } from "../../../host/errno.ts";
import { type Answer, withCleanup } from "../../answer.ts";
import type { FollowOption } from "../../file-system.ts";
import { requireRegular } from "../../local/file-kind.ts";
import { type OpenedFile, openEntry, requirePlain } from "../../local/open-regular.ts";
import { readOpened } from "../../local/read-file.ts";
import type { NativePath } from "../../native-path.ts";
import { openFound, whileExchanged } from "../exchanged.ts";
import type { Judge } from "../judge.ts";
import { foundAt, locate } from "../locate.ts";
import { followingOf } from "./following.ts";

/** Opens a regular file that may be read. The caller closes it. */
export function openJudged(judge: Judge, path: NativePath, options: FollowOption): OpenedFile {
  return whileExchanged(() => openOnce(judge, path, options));
}

function openOnce(judge: Judge, path: NativePath, options: FollowOption): OpenedFile {
  const following = followingOf(path, options);
  using place = locate(judge, path, following);
  const before = foundAt(place);
  const require = (found: Stats): void => {
    if (options.followSymlinks === false) requirePlain(found);
    else requireRegular(found, path);
    judge.refuseDenied(found);
  };
  const { access, leadsOn } = judge.standing(place.path);
  // A directory on the way to what is granted is seen to be one.
  if (access === "hidden" && leadsOn && before.isDirectory()) require(before);
  judge.requireRead(place.path);
  judge.refuseDenied(before);
  const open = () => openEntry(place.entry, require, before);
  // Where links are followed none was found there: it came since.
  return following === "target" ? openFound(open, Errno.ELOOP) : open();
}

/** The content of a regular file that may be read. */
export function readJudged(judge: Judge, path: NativePath, options: FollowOption): Answer<Uint8Array> {
  const file = openJudged(judge, path, options);
  return withCleanup(
    () => readOpened(file, path),
    () => closeSync(file.descriptor),
  );
}
