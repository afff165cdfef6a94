import type * as v from "valibot";
import { PathUri } from "../path/path-uri.ts";
import { list } from "../schema/list.ts";
import { once } from "../schema/once.ts";
import { defaulted, defaultedOption } from "../schema/optional.ts";
import { parsed } from "../schema/parsed.ts";
import { flag } from "../schema/scalars.ts";
import { struct } from "../schema/struct.ts";
import { variant } from "../schema/variant.ts";
import { permissions } from "./permissions.ts";

/** The `sandbox` object of 0.169.0. */
export const currentContext = once(() => {
  const path = parsed(PathUri.parse);
  return struct("WireFileSystemSandboxContext", {
    permissions: permissions(),
    sandboxOverride: defaulted(
      variant(["noOverride", "escalatedSandboxWithRestrictions", "bypassSandboxFirstAttempt"]),
      "noOverride",
    ),
    /** Counts before `cwd` and `workspaceRoots`, which carry the same. */
    policyContext: defaultedOption(
      struct("WireFileSystemPolicyContext", {
        cwd: defaultedOption(path),
        workspaceRoots: defaulted(list(path), []),
      }),
    ),
    cwd: defaultedOption(path),
    workspaceRoots: defaulted(list(path), []),
    userHomeDir: defaultedOption(path),
    temporaryDirectories: defaultedOption(list(path)),
    windowsSandboxLevel: variant(["disabled", "restricted-token", "elevated", "mxc"]),
    windowsSandboxProxySettingsMode: defaultedOption(variant(["reconcile", "preserve"])),
    useLegacyLandlock: defaulted(flag, false),
  });
});

export type SandboxContext = v.InferOutput<ReturnType<typeof currentContext>>;
