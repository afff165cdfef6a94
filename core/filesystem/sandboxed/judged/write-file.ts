import { type Answer, withCleanup } from "../../answer.ts";
import type { FollowOption } from "../../file-system.ts";
import { notRegular, requireRegular } from "../../local/file-kind.ts";
import { writeAlone } from "../../local/write-file.ts";
import type { NativePath } from "../../native-path.ts";
import type { Judge } from "../judge.ts";
import { locate } from "../locate.ts";
import { followingOf } from "./following.ts";

/** Creates a file that may be written, or gives it new content. */
export function writeJudged(
  judge: Judge,
  path: NativePath,
  content: { readonly bytes: Uint8Array; readonly options: FollowOption },
): Answer<void> {
  const { bytes, options } = content;
  const following = followingOf(path, options);
  const place = locate(judge, path, following);
  return withCleanup(
    () => {
      const { found } = place;
      judge.requireFileWrite(place);
      if (found !== undefined && following === "target") {
        if (found.isFIFO() || found.isSocket()) throw notRegular(found, path);
        requireRegular(found, path);
      }
      return writeAlone(place.entry, found, bytes);
    },
    () => place[Symbol.dispose](),
  );
}
