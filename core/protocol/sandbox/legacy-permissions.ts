import type { PathUri } from "../path/path-uri.ts";
import type { LegacyFileSystem, LegacyPolicy } from "./legacy-policy.ts";
import type { PermissionEntry, Permissions } from "./permissions.ts";

type Kind = "root" | "minimal" | "tmpdir" | "slash_tmp";
type ReadAccess = Extract<LegacyPolicy, { readonly type: "read-only" }>["access"];
type WorkspaceWrite = Extract<LegacyPolicy, { readonly type: "workspace-write" }>;

/**
 * A legacy policy as the profile that a client of today sends in its place. Entries beside it say the same more exactly,
 * and count before it.
 */
export function legacyPermissions(policy: LegacyPolicy, files: LegacyFileSystem | null): Permissions {
  const profile = legacyProfile(policy);
  if (files?.kind !== "restricted" || profile.type === "external") return profile;
  const { entries, glob_scan_max_depth } = files;
  const network = profile.type === "managed" ? profile.network : "enabled";
  return { type: "managed", file_system: { type: "restricted", entries, glob_scan_max_depth }, network };
}

function legacyProfile(policy: LegacyPolicy): Permissions {
  switch (policy.type) {
    case "danger-full-access":
      return { type: "disabled" };
    case "external-sandbox":
      return { type: "external", network: policy.network_access };
    case "read-only":
      return managed(readable(policy.access), policy.network_access);
    case "workspace-write":
      return managed(workspaceWrite(policy), policy.network_access);
  }
}

function workspaceWrite(policy: WorkspaceWrite): PermissionEntry[] {
  return [
    ...readable(policy.read_only_access),
    workspace("write"),
    ...(policy.exclude_slash_tmp ? [] : [special("slash_tmp", "write")]),
    ...(policy.exclude_tmpdir_env_var ? [] : [special("tmpdir", "write")]),
    // The names that are protected at the top of every writable root need no entry: the plan knows them.
    ...policy.writable_roots.map((root) => place(root, "write")),
  ];
}

function readable(access: ReadAccess): PermissionEntry[] {
  if (access.type === "full-access") return [special("root", "read")];
  return [
    workspace("read"),
    ...(access.include_platform_defaults ? [special("minimal", "read")] : []),
    ...access.readable_roots.map((root) => place(root, "read")),
  ];
}

function managed(entries: PermissionEntry[], networkAccess: boolean): Permissions {
  return {
    type: "managed",
    file_system: { type: "restricted", entries, glob_scan_max_depth: null },
    network: networkAccess ? "enabled" : "restricted",
  };
}

function special(kind: Kind, access: "read" | "write"): PermissionEntry {
  return { path: { type: "special", value: { kind } }, access, missing_path_behavior: null };
}

function workspace(access: "read" | "write"): PermissionEntry {
  const value = { kind: "project_roots", subpath: null } as const;
  return { path: { type: "special", value }, access, missing_path_behavior: null };
}

function place(path: PathUri, access: "read" | "write"): PermissionEntry {
  return { path: { type: "path", path }, access, missing_path_behavior: null };
}
