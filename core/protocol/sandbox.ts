import * as v from "valibot";
import { PathUri } from "./path/path-uri.ts";
import { list } from "./schema/list.ts";
import { defaulted, defaultedOption } from "./schema/optional.ts";
import { parsed } from "./schema/parsed.ts";
import { flag, text } from "./schema/scalars.ts";
import { struct } from "./schema/struct.ts";
import { tagged } from "./schema/tagged.ts";
import { variant } from "./schema/variant.ts";

const path = parsed(PathUri.parse);
const network = variant(["restricted", "enabled"]);

const fileSystem = tagged("ExecManagedFileSystemPermissions", {
  restricted: { entries: list(struct("ExecFileSystemSandboxEntry", { path: v.unknown(), access: text })) },
  unrestricted: {},
});

const permissions = tagged("ExecPermissionProfile", {
  managed: { file_system: fileSystem, network },
  disabled: {},
  external: { network },
});

/** The permission profile that a request brings along. Entries are read by the sandbox itself. */
export const sandboxContext = struct("WireFileSystemSandboxContext", {
  permissions,
  sandboxOverride: defaulted(
    variant(["noOverride", "escalatedSandboxWithRestrictions", "bypassSandboxFirstAttempt"]),
    "noOverride",
  ),
  policyContext: defaultedOption(v.unknown()),
  cwd: defaultedOption(path),
  workspaceRoots: defaulted(list(path), []),
  userHomeDir: defaultedOption(path),
  temporaryDirectories: defaulted(list(path), []),
  windowsSandboxLevel: variant(["disabled", "restricted-token", "elevated", "mxc"]),
  windowsSandboxProxySettingsMode: defaulted(variant(["reconcile", "preserve"]), "reconcile"),
  useLegacyLandlock: defaulted(flag, false),
});

export type SandboxContext = v.InferOutput<typeof sandboxContext>;

/** What a context asks for: nothing at all, a sandbox that restricts nothing, or one that has to hold. */
export type SandboxKind = "none" | "unrestricted" | "restricted";

export function sandboxKind(context: SandboxContext | null | undefined): SandboxKind {
  if (context === null || context === undefined) return "none";
  const { permissions: profile } = context;
  if (profile.type !== "managed") return "unrestricted";
  return profile.file_system.type === "unrestricted" ? "unrestricted" : "restricted";
}
