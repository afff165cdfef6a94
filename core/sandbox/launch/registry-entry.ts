import { type BigIntStats, ftruncateSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";

/** What a registry entry says of a placeholder; ../../process/local/guardian/kept.c reads it too. */
export interface RegistryEntry {
  readonly kind: "directory" | "file";
  readonly path: string;
  /** `device:inode` of what was made; undefined while it is being made. */
  readonly identity: string | undefined;
}

/** The registry entry of a path. */
export function placeholderEntry(registry: string, path: string): string {
  return join(registry, new Bun.CryptoHasher("sha256").update(path).digest("hex"));
}

/** Longer than any path (PATH_MAX). */
const longestEntry = 8192;

const form = /^([df]) (?:(\d+:\d+)|-) (\/[^\0]*)\0$/;

/** Undefined for what is no entry. */
export function readEntry(descriptor: number): RegistryEntry | undefined {
  const bytes = Buffer.alloc(longestEntry);
  const text = bytes.toString("utf8", 0, readSync(descriptor, bytes, 0, bytes.length, 0));
  const [, kind, identity, path] = form.exec(text) ?? [];
  if (path === undefined) return undefined;
  return { kind: kind === "d" ? "directory" : "file", path, identity };
}

export function writeEntry(descriptor: number, { kind, path, identity }: RegistryEntry): void {
  const text = Buffer.from(`${kind === "directory" ? "d" : "f"} ${identity ?? "-"} ${path}\0`);
  writeSync(descriptor, text, 0, text.length, 0);
  ftruncateSync(descriptor, text.length);
}

type Identified = Pick<BigIntStats, "dev" | "ino">;

export function identityOf({ dev, ino }: Identified): string {
  return `${dev}:${ino}`;
}
