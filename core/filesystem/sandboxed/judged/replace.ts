import { constants, ftruncateSync, openSync } from "node:fs";
import { notRegular, requireRegular } from "../../local/file-kind.ts";
import { checkOpened, type OpenedFile, openFlags } from "../../local/open-regular.ts";
import { writeAlone } from "../../local/write-file.ts";
import type { NativePath } from "../../native-path.ts";
import { osFailure } from "../../os-error.ts";
import type { Judge } from "../judge.ts";
import { locate, type Place } from "../locate.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/** Creates a file that may be written, or empties it, and opens it. The caller closes it. */
export function replaceJudged(judge: Judge, path: NativePath): OpenedFile {
  using place = locate(judge, path, "target");
  const opened = openForWriting(judge, place, { path, mode: 0o666 });
  ftruncateSync(opened.descriptor, 0);
  return opened;
}

/** Opens what may be written at a place, or creates it. Other names of the file keep its old content. */
export function openForWriting(
  judge: Judge,
  place: Place,
  { path, mode }: { readonly path: NativePath; readonly mode: number },
): OpenedFile {
  judge.requireFileWrite(place);
  const { entry, found } = place;
  if (found === undefined) {
    const created = openSync(entry, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | openFlags, mode);
    return checkOpened(created, (opened) => requireRegular(opened, path));
  }
  if (!found.isFile()) throw notRegular(found, path);
  if (found.nlink > 1) void writeAlone(entry, found, new Uint8Array());
  const descriptor = openSync(entry, O_WRONLY | O_NOFOLLOW | openFlags);
  return checkOpened(descriptor, (opened) => {
    requireRegular(opened, path);
    // A second name since then: what is written would be read under it.
    if (opened.nlink > 1) throw osFailure(eBusy);
  });
}

const eBusy = 16;
