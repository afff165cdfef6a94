import { PathUri } from "../path/path-uri.ts";
import { once } from "../schema/once.ts";
import { defaultedOption } from "../schema/optional.ts";
import { parsed } from "../schema/parsed.ts";
import { text } from "../schema/scalars.ts";
import { tagged } from "../schema/tagged.ts";

const subpath = defaultedOption(text);

const specialPath = once(() =>
  tagged(
    "FileSystemSpecialPath",
    {
      root: {},
      minimal: {},
      /** The older name of project_roots. */
      current_working_directory: { subpath },
      project_roots: { subpath },
      tmpdir: {},
      slash_tmp: {},
      /** A name that the client does not know itself: it stands for no place. */
      unknown: { path: text, subpath },
    },
    "kind",
  ),
);

/** What an entry of a permission profile speaks of. */
export const fileSystemPath = once(() =>
  tagged("ExecFileSystemPath", {
    path: { path: parsed(PathUri.parse) },
    glob_pattern: { pattern: text },
    special: { value: specialPath() },
  }),
);
