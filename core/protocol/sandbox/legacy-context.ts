import * as v from "valibot";
import { PathUri } from "../path/path-uri.ts";
import { once } from "../schema/once.ts";
import { defaultedOption } from "../schema/optional.ts";
import { parsed } from "../schema/parsed.ts";
import { struct } from "../schema/struct.ts";
import type { SandboxContext } from "./current-context.ts";
import { legacyPermissions } from "./legacy-permissions.ts";
import { legacyFileSystem, legacyPolicy } from "./legacy-policy.ts";

const path = parsed(PathUri.parse);

/**
 * The context of clients before permission profiles: a `sandboxPolicy` and the directory that its workspace is, as
 * `sandboxPolicyCwd` (or `cwd`). It becomes what a client of today makes of the same policy.
 */
export const legacyContext = once(() =>
  v.pipe(
    struct("FileSystemSandboxContext", {
      sandboxPolicy: legacyPolicy(),
      sandboxPolicyCwd: defaultedOption(path),
      fileSystemSandboxPolicy: defaultedOption(legacyFileSystem()),
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
