import { closeSync, type Stats } from "node:fs";
import { Errno } from "../../../host/errno.ts";
import { type Answer, andThen, withCleanup } from "../../answer.ts";
import type { DirectoryEntry } from "../../file-system.ts";
import { type DirectoryNames, readNames } from "../../local/directory-names.ts";
import { listDirectory } from "../../local/read-directory.ts";
import { joinPath, type NativePath } from "../../native-path.ts";
import { osFailure } from "../../os-error.ts";
import { whileExchanged } from "../exchanged.ts";
import type { Judge } from "../judge.ts";
import { foundAt, locate, openPlace } from "../locate.ts";
import { kindJudged } from "./look.ts";

/** An open directory that may be listed. */
interface Listed extends Disposable {
  /** Leads to the open directory. */
  readonly entry: string;
  readonly real: NativePath;
  readonly found: Stats;
}

/** The entries of a directory. Denied ones keep their names; what is hidden is left out. */
export function listJudged(judge: Judge, path: NativePath): Answer<readonly DirectoryEntry[]> {
  const directory = whileExchanged(() => openListed(judge, path));
  return withCleanup(
    () => {
      const entries = listDirectory(directory.entry, directory.found, (name) =>
        kindJudged(judge, joinPath(directory.real, name)),
      );
      return andThen(entries, (listed) =>
        listed.filter(({ fileName }) => judge.isNamed(joinPath(directory.real, fileName))),
      );
    },
    () => directory[Symbol.dispose](),
  );
}

/** The names of a directory for a walk, or why they cannot be read. Never rejects. */
export async function namesJudged(judge: Judge, path: NativePath): Promise<DirectoryNames> {
  try {
    using directory = whileExchanged(() => openListed(judge, path));
    const names = await readNames(directory.entry);
    if (names.kind === "failed") return names;
    const { real } = directory;
    return {
      kind: "read",
      entries: names.entries.filter(({ name }) => judge.isNamed(joinPath(real, name))),
    };
  } catch (cause) {
    return { kind: "failed", cause };
  }
}

function openListed(judge: Judge, path: NativePath): Listed {
  using place = locate(judge, path, "target");
  if (!judge.isNamed(place.path)) throw osFailure(Errno.ENOENT);
  const isDirectory = foundAt(place).isDirectory();
  if (isDirectory && judge.standing(place.path).access === "deny") throw osFailure(Errno.EACCES);
  const descriptor = openPlace(place);
  return {
    entry: `/proc/self/fd/${descriptor}`,
    real: place.path,
    found: foundAt(place),
    [Symbol.dispose]: () => closeSync(descriptor),
  };
}
