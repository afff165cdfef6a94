import * as v from "valibot";
import { isJsonObject, type JsonObject, type JsonValue } from "./json/json-value.ts";
import { PathUri } from "./path/path-uri.ts";
import { list } from "./schema/list.ts";
import { once } from "./schema/once.ts";
import { defaulted, defaultedOption } from "./schema/optional.ts";
import { parsed } from "./schema/parsed.ts";
import { flag, text } from "./schema/scalars.ts";
import { struct } from "./schema/struct.ts";
import { tagged } from "./schema/tagged.ts";
import { variant } from "./schema/variant.ts";

const network = variant(["restricted", "enabled"]);

function permissions() {
  return tagged("ExecPermissionProfile", {
    managed: {
      file_system: tagged("ExecManagedFileSystemPermissions", {
        restricted: {
          entries: list(struct("ExecFileSystemSandboxEntry", { path: v.unknown(), access: text })),
        },
        unrestricted: {},
      }),
      network,
    },
    disabled: {},
    external: { network },
  });
}

const current = once(() => {
  const path = parsed(PathUri.parse);
  return struct("WireFileSystemSandboxContext", {
    permissions: permissions(),
    sandboxOverride: defaulted(
      variant(["noOverride", "escalatedSandboxWithRestrictions", "bypassSandboxFirstAttempt"]),
      "noOverride",
    ),
    policyContext: defaultedOption(v.unknown()),
    cwd: defaultedOption(path),
    workspaceRoots: defaulted(list(path), []),
    userHomeDir: defaultedOption(path),
    temporaryDirectories: defaultedOption(list(path)),
    windowsSandboxLevel: variant(["disabled", "restricted-token", "elevated", "mxc"]),
    windowsSandboxProxySettingsMode: defaultedOption(variant(["reconcile", "preserve"])),
    useLegacyLandlock: defaulted(flag, false),
  });
});

export type SandboxContext = v.InferOutput<ReturnType<typeof current>>;

/** What clients before permission profiles sent. What it would restrict is not looked at: it counts as nothing allowed. */
const legacy = once(() =>
  v.pipe(
    struct("FileSystemSandboxContext", {
      sandboxPolicy: tagged("SandboxPolicy", {
        "danger-full-access": {},
        "external-sandbox": { network_access: defaulted(network, "restricted") },
        "read-only": {},
        "workspace-write": {},
      }),
    }),
    v.transform(
      ({ sandboxPolicy }): SandboxContext => ({
        permissions: asProfile(sandboxPolicy.type),
        sandboxOverride: "noOverride",
        policyContext: null,
        cwd: null,
        workspaceRoots: [],
        userHomeDir: null,
        temporaryDirectories: null,
        windowsSandboxLevel: "disabled",
        windowsSandboxProxySettingsMode: null,
        useLegacyLandlock: false,
      }),
    ),
  ),
);

function asProfile(policy: string): SandboxContext["permissions"] {
  if (policy === "danger-full-access") return { type: "disabled" };
  if (policy === "external-sandbox") return { type: "external", network: "restricted" };
  return { type: "managed", file_system: { type: "restricted", entries: [] }, network: "restricted" };
}

/** The permission profile that a request brings along. Entries are read by the sandbox itself. */
export const sandboxContext = v.lazy((input): v.GenericSchema<JsonObject, SandboxContext> => {
  // Everything that a schema sees came out of parseJson.
  const legacySent = isJsonObject(input as JsonValue) && isLegacy(input as JsonObject);
  // Both refuse by themselves what is no object of theirs; the input's type only serves the caller.
  return (legacySent ? legacy() : current()) as unknown as v.GenericSchema<JsonObject, SandboxContext>;
});

function isLegacy(context: JsonObject): boolean {
  return "sandboxPolicy" in context && !("permissions" in context);
}

/** What a context asks for: nothing at all, a sandbox that restricts nothing, or one that has to hold. */
export type SandboxKind = "none" | "unrestricted" | "restricted";

export function sandboxKind(context: SandboxContext | null | undefined): SandboxKind {
  if (context === null || context === undefined) return "none";
  const { permissions: profile } = context;
  if (profile.type !== "managed") return "unrestricted";
  return profile.file_system.type === "unrestricted" ? "unrestricted" : "restricted";
}
