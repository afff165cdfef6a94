import type { DenyGlob } from "./deny-glob.ts";

/** One look at a path, without following it. What cannot be looked at (EACCES) counts as missing. */
export type PathFact =
  | { readonly stands: "missing" }
  | { readonly stands: "link"; readonly target: string; readonly device: number; readonly inode: number }
  | {
      readonly stands: "directory" | "file";
      readonly device: number;
      readonly inode: number;
      /** When it was made, ms since 1970; 0 where nobody knows. The next directory may get the number of one that has gone. */
      readonly born: number;
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

/** Where the host shows an object, or a part of it, a second time. */
export interface OtherPlace {
  readonly path: string;
  /** Which part of it: nothing for all, or the way down to it with a slash in front. */
  readonly shows: string;
}

/** What the plan asks of the machine. */
export interface HostFacts {
  /** $TMPDIR of who will work in the sandbox; null when unset. Absolute. */
  readonly temporaryDirectory: string | null;
  /** The account's own home; null when unknown. */
  readonly home: string | null;
  /** Places of the server itself, there or not, denied in every sandbox. */
  readonly privatePaths: readonly string[];
  /** Whether a sandbox that ran before may have made what stands at a path. */
  mayBeWritten(path: string): boolean;
  /** Looks at a path of which only the last name may be a link. Throws SandboxRefusal when it cannot be told what is there. */
  inspect(path: string): PathFact;
  /** Where else the host's mounts show what is at a real path. Throws SandboxRefusal for a place that no rule can name. */
  otherPlaces(path: string): readonly OtherPlace[];
  /** Whether names beside a path mean the same in whatever case; false where that cannot be told. */
  foldsCase(path: string): boolean;
  /** The directory that a `.git` file names (`gitdir:`), absolute; null when it names none. */
  gitDirectory(path: string): string | null;
  /** Looks for matches down to `maxDepth` levels (null: all). Throws SandboxRefusal beyond the limit of matches. */
  expand(glob: DenyGlob, maxDepth: number | null): Expansion;
  /** Files below a directory with more than one name. */
  hardLinks(directory: string): HardLinks;
}

/** A file with more than one name. */
export interface SharedFile {
  /** One of the names that were met. */
  readonly path: string;
  /** Names that it has, names that were met. */
  readonly names: number;
  readonly met: number;
}

export interface HardLinks {
  /** By `device:inode`. */
  readonly files: ReadonlyMap<string, SharedFile>;
  /** Directories that were not looked into: the limit was reached. */
  readonly unscanned: readonly string[];
}
