/** A bubblewrap that was looked at and can do what we need. */
export interface Bubblewrap {
  readonly origin: "system" | "bundled";
  readonly path: string;
  /** What `--version` says. */
  readonly version: string;
  /** Opens the very file that was verified, for reading and execution; the caller closes it. Throws SandboxRefusal if it changed. */
  open(): number;
}

/** How this machine can hold a restricting profile. */
export type Mechanism =
  | { readonly kind: "bubblewrap"; readonly bubblewrap: Bubblewrap }
  /** No namespaces here: only profiles that Landlock and seccomp express exactly. */
  | {
      readonly kind: "landlock" /** Landlock's ABI version, at least leastLandlockAbi. */;
      readonly abi: number;
      readonly reason: string;
    }
  | { readonly kind: "none"; readonly reason: string };
