/** `deny` also stands for its old name, `none`. */
export type Access = "read" | "write" | "deny";

export type Network = "restricted" | "enabled";

/** What an entry of a profile speaks of. Paths are absolute native paths, not resolved yet. */
export type PolicyTarget =
  | { readonly kind: "path"; readonly path: string }
  /** Absolute, relative to cwd, `~/...` or `codex-project-roots://...`; means something with `deny` only. */
  | { readonly kind: "glob"; readonly pattern: string }
  | { readonly kind: "root" | "minimal" | "tmpdir" | "slashTmp" | "unknown" }
  | { readonly kind: "projectRoots"; readonly subpath: string | null };

export interface PolicyEntry {
  readonly target: PolicyTarget;
  readonly access: Access;
}

/** A profile that this server enforces. `unrestricted` files are one `root` entry with `write`. */
export interface ManagedPolicy {
  readonly kind: "managed";
  readonly entries: readonly PolicyEntry[];
  /** Levels below its fixed directory that a deny glob is expanded to; null: all. At least 1. */
  readonly globScanMaxDepth: number | null;
  readonly network: Network;
  /** What relative globs start from; null: the request named none, and an entry that needs one is refused. */
  readonly cwd: string | null;
  /** What `projectRoots` stands for. Empty grants nothing. */
  readonly workspaceRoots: readonly string[];
  /** What `~/` stands for; null: the account's own home. */
  readonly home: string | null;
}

/**
 * The sandbox of a request, whatever form it came in: the object of 0.169.0, the `sandboxPolicy` of early 2026, or the
 * launcher's command line of 0.131.0.
 */
export type SandboxPolicy =
  /** `disabled`. */
  | { readonly kind: "disabled" }
  /** Somebody else sandboxes; only the network is ours to restrict. */
  | { readonly kind: "external"; readonly network: Network }
  | ManagedPolicy;
