import type * as v from "valibot";
import { PathUri } from "../path/path-uri.ts";
import { list } from "../schema/list.ts";
import { once } from "../schema/once.ts";
import { defaulted, defaultedOption } from "../schema/optional.ts";
import { parsed } from "../schema/parsed.ts";
import { flag, nonZeroSize } from "../schema/scalars.ts";
import { struct } from "../schema/struct.ts";
import { tagged } from "../schema/tagged.ts";
import { variant } from "../schema/variant.ts";
import { network, permissionEntry } from "./permissions.ts";

const path = parsed(PathUri.parse);

const readAccess = once(() =>
  defaulted(
    tagged("ReadOnlyAccess", {
      restricted: {
        include_platform_defaults: defaulted(flag, true),
        readable_roots: defaulted(list(path), []),
      },
      "full-access": {},
    }),
    { type: "full-access" },
  ),
);

/** The policy of clients before permission profiles. */
export const legacyPolicy = once(() =>
  tagged("SandboxPolicy", {
    "danger-full-access": {},
    "external-sandbox": { network_access: defaulted(network, "restricted") },
    "read-only": { access: readAccess(), network_access: defaulted(flag, false) },
    "workspace-write": {
      writable_roots: defaulted(list(path), []),
      read_only_access: readAccess(),
      network_access: defaulted(flag, false),
      exclude_tmpdir_env_var: defaulted(flag, false),
      exclude_slash_tmp: defaulted(flag, false),
    },
  }),
);

/** The same policy by entries, where a client sends both: what it denies counts as well. */
export const legacyFileSystem = once(() =>
  struct("FileSystemSandboxPolicy", {
    kind: variant(["restricted", "unrestricted", "external-sandbox"]),
    glob_scan_max_depth: defaultedOption(nonZeroSize),
    entries: defaulted(list(permissionEntry()), []),
  }),
);

export type LegacyFileSystem = v.InferOutput<ReturnType<typeof legacyFileSystem>>;
export type LegacyPolicy = v.InferOutput<ReturnType<typeof legacyPolicy>>;
