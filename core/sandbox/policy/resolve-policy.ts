import type { PathUri } from "../../protocol/path/path-uri.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import type { PermissionEntry } from "../../protocol/sandbox/permissions.ts";
import type { SandboxContext } from "../../protocol/sandbox.ts";
import type { PolicyEntry, PolicyTarget, SandboxPolicy } from "./sandbox-policy.ts";

/**
 * The policy that a request's `sandbox` stands for. `defaultCwd` is the directory that the request itself names beside
 * it (process/start), null where it names none: nothing is ever taken from this server's own.
 * Throws {@link RpcError} for what names no place of this machine.
 */
export function resolvePolicy(context: SandboxContext, defaultCwd: string | null): SandboxPolicy {
  const { permissions, policyContext } = context;
  // A foreign path is refused even where nothing depends on it.
  const cwd = native(policyContext?.cwd ?? context.cwd, "") ?? defaultCwd;
  const workspaceRoots = (policyContext ?? context).workspaceRoots.map(workspaceRoot);
  if (permissions.type === "disabled") return { kind: "disabled" };
  if (permissions.type === "external") return { kind: "external", network: permissions.network };
  const { file_system: files, network } = permissions;
  const restricted = files.type === "restricted";
  const entries = restricted ? files.entries.map(policyEntry) : unrestricted;
  if (cwd === null && entries.some(dependsOnCwd)) {
    throw new RpcError(
      ErrorCode.invalidParams,
      "file system sandbox context with dynamic permissions requires cwd",
    );
  }
  return {
    kind: "managed",
    entries,
    globScanMaxDepth: restricted ? files.glob_scan_max_depth : null,
    network,
    cwd,
    workspaceRoots,
    home: homeOf(context.userHomeDir, entries),
  };
}

const unrestricted: readonly PolicyEntry[] = [{ target: { kind: "root" }, access: "write" }];

function policyEntry({ path, access }: PermissionEntry): PolicyEntry {
  return { target: target(path), access: access === "none" ? "deny" : access };
}

function target(path: PermissionEntry["path"]): PolicyTarget {
  switch (path.type) {
    case "path":
      return { kind: "path", path: nativePath(path.path, "invalid sandbox permission path URI: ") };
    case "glob_pattern":
      return { kind: "glob", pattern: path.pattern };
    case "special":
      return special(path.value);
  }
}

function special(
  value: Extract<PermissionEntry["path"], { readonly type: "special" }>["value"],
): PolicyTarget {
  switch (value.kind) {
    case "project_roots":
    case "current_working_directory":
      return { kind: "projectRoots", subpath: value.subpath };
    case "slash_tmp":
      return { kind: "slashTmp" };
    case "root":
    case "minimal":
    case "tmpdir":
    case "unknown":
      return { kind: value.kind };
  }
}

function dependsOnCwd({ target }: PolicyEntry): boolean {
  return target.kind === "projectRoots" || (target.kind === "glob" && !target.pattern.startsWith("/"));
}

/** A home elsewhere matters to who speaks of it, and is never replaced by the account's own. */
function homeOf(path: PathUri | null, entries: readonly PolicyEntry[]): string | null {
  try {
    return native(path, "sandbox home directory: ");
  } catch (error) {
    if (entries.some(({ target }) => target.kind === "glob" && target.pattern.startsWith("~"))) throw error;
    return null;
  }
}

function workspaceRoot(path: PathUri): string {
  return nativePath(path, "file system sandbox workspace root is not native to this exec-server host: ");
}

function native(path: PathUri | null | undefined, what: string): string | null {
  return path === null || path === undefined ? null : nativePath(path, what);
}

function nativePath(path: PathUri, what: string): string {
  try {
    const host = path.toHost();
    if (typeof host.native === "string") return host.native;
    throw new RpcError(
      ErrorCode.invalidParams,
      `${what}'${host.text}' is not UTF-8, and a sandbox speaks of paths by their text`,
    );
  } catch (error) {
    if (!(error instanceof RpcError) || what === "" || error.message.startsWith(what)) throw error;
    throw new RpcError(error.code, `${what}${error.message}`, { cause: error });
  }
}
