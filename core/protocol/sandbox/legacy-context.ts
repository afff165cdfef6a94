import * as v from "valibot";
import { PathUri } from "../path/path-uri.ts";
import { list } from "../schema/list.ts";
import { once } from "../schema/once.ts";
import { defaulted, defaultedOption } from "../schema/optional.ts";
import { parsed } from "../schema/parsed.ts";
import { flag, nonZeroSize } from "../schema/scalars.ts";
import { struct } from "../schema/struct.ts";
import { tagged } from "../schema/tagged.ts";
import { variant } from "../schema/variant.ts";
import type { SandboxContext } from "./current-context.ts";
import { legacyPermissions } from "./legacy-permissions.ts";
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

const sandboxPolicy = once(() =>
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
const fileSystemPolicy = once(() =>
  struct("FileSystemSandboxPolicy", {
    kind: variant(["restricted", "unrestricted", "external-sandbox"]),
    glob_scan_max_depth: defaultedOption(nonZeroSize),
    entries: defaulted(list(permissionEntry()), []),
  }),
);

export type LegacyFileSystem = v.InferOutput<ReturnType<typeof fileSystemPolicy>>;
export type LegacyPolicy = v.InferOutput<ReturnType<typeof sandboxPolicy>>;

/**
 * The context of clients before permission profiles: a `sandboxPolicy` and the directory that its workspace is, as
 * `sandboxPolicyCwd` (or `cwd`). It becomes what a client of today makes of the same policy.
 */
export const legacyContext = once(() =>
  v.pipe(
    struct("FileSystemSandboxContext", {
      sandboxPolicy: sandboxPolicy(),
      sandboxPolicyCwd: defaultedOption(path),
      fileSystemSandboxPolicy: defaultedOption(fileSystemPolicy()),
      cwd: defaultedOption(path),
    }),
    v.transform(
      ({ sandboxPolicy: policy, sandboxPolicyCwd, fileSystemSandboxPolicy: files, cwd }): SandboxContext => {
        const workspace = sandboxPolicyCwd ?? cwd;
        return {
          permissions: legacyPermissions(policy, files),
          sandboxOverride: "noOverride",
          policyContext: null,
          cwd: workspace,
          workspaceRoots: workspace === null ? [] : [workspace],
          userHomeDir: null,
          temporaryDirectories: null,
          windowsSandboxLevel: "disabled",
          windowsSandboxProxySettingsMode: null,
          useLegacyLandlock: false,
        };
      },
    ),
  ),
);
