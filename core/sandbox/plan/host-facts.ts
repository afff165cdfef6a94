import type { DenyGlob } from "./deny-glob.ts";

/** One look at a path, without following it. What cannot be looked at (EACCES) counts as missing. */
export type PathFact =
  | { readonly stands: "missing" }
  | { readonly stands: "link"; readonly target: string; readonly device: number; readonly inode: number }
  | {
      readonly stands: "directory" | "file";
      readonly device: number;
      readonly inode: number;
      /** Names that the object has. */
      readonly links: number;
    };

/** What was found below the fixed directory of a glob. */
export interface Expansion {
  /** Paths that match, whatever stands there; nothing below a match. */
  readonly matches: readonly string[];
  /** Directories that the depth kept from being looked into. */
  readonly unscanned: readonly string[];
}

/** What the plan asks of the machine. */
export interface HostFacts {
  /** $TMPDIR of who will work in the sandbox; null when unset. Absolute. */
  readonly temporaryDirectory: string | null;
  /** The account's own home; null when unknown. */
  readonly home: string | null;
  /** Existing places of the server itself, denied in every sandbox. */
  readonly privatePaths: readonly string[];
  /** Looks at a path of which only the last name may be a link. Throws SandboxRefusal when it cannot be told what is there. */
  inspect(path: string): PathFact;
  /** The directory that a `.git` file names (`gitdir:`), absolute; null when it names none. */
  gitDirectory(path: string): string | null;
  /** Looks for matches down to `maxDepth` levels (null: all). Throws SandboxRefusal beyond the limit of matches. */
  expand(glob: DenyGlob, maxDepth: number | null): Expansion;
  /** Files below a directory with more than one name: `device:inode` and how many of the names were met. */
  hardLinks(directory: string): HardLinks;
}

export interface HardLinks {
  /** By `device:inode`: names that the object has, names that were met. */
  readonly files: ReadonlyMap<string, { readonly names: number; readonly met: number }>;
  /** Directories that were not looked into: the limit was reached. */
  readonly unscanned: readonly string[];
}
