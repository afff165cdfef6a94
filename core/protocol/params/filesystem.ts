import { decodeBase64 } from "../base64.ts";
import { PathUri } from "../path/path-uri.ts";
import { sandboxContext } from "../sandbox.ts";
import { list } from "../schema/list.ts";
import { once } from "../schema/once.ts";
import { defaulted, defaultedOption, option } from "../schema/optional.ts";
import { parsed } from "../schema/parsed.ts";
import { count, flag, size, text, u64 } from "../schema/scalars.ts";
import { struct } from "../schema/struct.ts";
import { variant } from "../schema/variant.ts";

const path = parsed(PathUri.parse);
const sandbox = option(sandboxContext);
/** null means true. */
const followSymlinks = defaultedOption(flag);

export const readFile = once(() => struct("WireFsReadFileParams", { path, followSymlinks, sandbox }));
/** `dataBase64` stays text: the reference refuses a bad one as an invalid request, after the session's state. */
export const writeFile = once(() =>
  struct("WireFsWriteFileParams", { path, dataBase64: text, followSymlinks, sandbox }),
);
export const createDirectory = once(() =>
  struct("WireFsCreateDirectoryParams", {
    path,
    /** null means true. */
    recursive: option(flag),
    followSymlinks,
    sandbox,
  }),
);
export const getMetadata = once(() => struct("WireFsGetMetadataParams", { path, followSymlinks, sandbox }));
export const canonicalize = once(() => struct("WireFsCanonicalizeParams", { path, sandbox }));
export const readDirectory = once(() => struct("WireFsReadDirectoryParams", { path, sandbox }));
export const walk = once(() =>
  struct("WireFsWalkParams", {
    path,
    options: struct("WalkOptions", {
      maxDepth: size,
      maxDirectories: size,
      maxEntries: size,
      followDirectorySymlinks: flag,
      pruneHiddenDirectories: defaulted(flag, false),
    }),
    sandbox,
  }),
);
export const remove = once(() =>
  struct("WireFsRemoveParams", {
    path,
    /** null means true. */
    recursive: option(flag),
    /** null means true. */
    force: option(flag),
    followSymlinks,
    sandbox,
  }),
);
export const copy = once(() =>
  struct("WireFsCopyParams", {
    sourcePath: path,
    destinationPath: path,
    recursive: flag,
    sandbox,
  }),
);

export const open = once(() =>
  struct("WireFsOpenParams", {
    handleId: text,
    path,
    mode: defaulted(variant(["read", "replace"]), "read"),
    sandbox,
  }),
);
export const readBlock = once(() =>
  struct("FsReadBlockParams", { handleId: text, offset: count, len: size }),
);
export const writeBlock = once(() =>
  struct("FsWriteBlockParams", {
    handleId: text,
    offset: count,
    chunk: parsed(decodeBase64),
  }),
);
export const close = once(() => struct("FsCloseParams", { handleId: text }));
export const watchMissing = once(() =>
  struct("FsWatchMissingParams", {
    /** Exact: it comes back in the notification. */
    watchId: u64,
    missing: list(path),
    /**
     * A path that must exist for the watch to begin; the watch also ends, with its notification, when that path is
     * removed, replaced or written (entries made inside it do not count).
     */
    present: option(path),
  }),
);
