import type * as v from "valibot";
import { list } from "../schema/list.ts";
import { once } from "../schema/once.ts";
import { defaultedOption } from "../schema/optional.ts";
import { nonZeroSize } from "../schema/scalars.ts";
import { struct } from "../schema/struct.ts";
import { tagged } from "../schema/tagged.ts";
import { variant } from "../schema/variant.ts";
import { fileSystemPath } from "./file-system-path.ts";

export const network = variant(["restricted", "enabled"]);

/** One entry of a restricted profile. */
export const permissionEntry = once(() =>
  struct("ExecFileSystemSandboxEntry", {
    path: fileSystemPath(),
    /** `none` is the old name of `deny`. */
    access: variant(["read", "write", "deny", "none"]),
    missing_path_behavior: defaultedOption(variant(["skip"])),
  }),
);

/** A permission profile as it goes over the wire. */
export const permissions = once(() =>
  tagged("ExecPermissionProfile", {
    managed: {
      file_system: tagged("ExecManagedFileSystemPermissions", {
        restricted: { entries: list(permissionEntry()), glob_scan_max_depth: defaultedOption(nonZeroSize) },
        unrestricted: {},
      }),
      network,
    },
    disabled: {},
    external: { network },
  }),
);

export type Permissions = v.InferOutput<ReturnType<typeof permissions>>;
type Managed = Extract<Permissions, { readonly type: "managed" }>["file_system"];
export type PermissionEntry = Extract<Managed, { readonly type: "restricted" }>["entries"][number];
