import { closeSync, type Stats } from "node:fs";
import { Errno } from "../../../host/errno.ts";
import { type Answer, andThen, withCleanup } from "../../answer.ts";
import type { DirectoryEntry } from "../../file-system.ts";
import { type DirectoryNames, readNames } from "../../local/directory-names.ts";
import { listDirectory } from "../../local/read-directory.ts";
import { joinPath, type NativePath } from "../../native-path.ts";
import { osFailure } from "../../os-error.ts";
import type { Judge } from "../judge.ts";
import { foundAt, locate, openPlace } from "../locate.ts";

/** An open directory that may be listed. */
interface Listed extends Disposable {
  /** Leads to the open directory. */
  readonly entry: string;
  readonly real: NativePath;
  readonly found: Stats;
}

/** The entries of a directory. Denied ones keep their names; what is hidden is left out. */
export function listJudged(judge: Judge, path: NativePath): Answer<readonly DirectoryEntry[]> {
  const directory = openListed(judge, path);
  return withCleanup(
    () => {
      const entries = listDirectory(directory.entry, directory.found, (name) =>
        targetOf(judge, joinPath(directory.real, name)),
      );
      return andThen(entries, (listed) =>
        listed.filter(({ fileName }) => isListed(judge, joinPath(directory.real, fileName))),
      );
    },
    () => directory[Symbol.dispose](),
  );
}

/** The names of a directory for a walk, or why they cannot be read. Never rejects. */
export async function namesJudged(judge: Judge, path: NativePath): Promise<DirectoryNames> {
  try {
    using directory = openListed(judge, path);
    const names = await readNames(directory.entry);
    if (names.kind === "failed") return names;
    const { real } = directory;
    return {
      kind: "read",
      entries: names.entries.filter(({ name }) => isListed(judge, joinPath(real, name))),
    };
  } catch (cause) {
    return { kind: "failed", cause };
  }
}

function openListed(judge: Judge, path: NativePath): Listed {
  using place = locate(judge, path, "target");
  const { access, leadsOn } = judge.standing(place.path);
  if (access === "deny") throw osFailure(Errno.EACCES);
  if (access === "hidden" && !leadsOn) throw osFailure(Errno.ENOENT);
  const descriptor = openPlace(place);
  return {
    entry: `/proc/self/fd/${descriptor}`,
    real: place.path,
    found: foundAt(place),
    [Symbol.dispose]: () => closeSync(descriptor),
  };
}

function isListed(judge: Judge, path: NativePath): boolean {
  const { access, leadsOn } = judge.standing(path);
  return access !== "hidden" || leadsOn;
}

/** What a name leads to, whether or not that may be read: its own directory shows the same of its neighbours. */
function targetOf(judge: Judge, path: NativePath): Stats {
  using place = locate(judge, path, "target");
  if (!isListed(judge, place.path)) throw osFailure(Errno.ENOENT);
  return foundAt(place);
}
