import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MissingName } from "./placeholder.ts";
import { knownPrivateDirectories } from "./private-directory.ts";

/**
 * Removes the placeholders of sandboxes that were killed together with everybody who would have removed them. What
 * somebody holds stays. Never throws.
 */
export async function sweepLeftPlaceholders(
  registries: readonly string[] = knownPrivateDirectories().map(({ placeholders }) => placeholders),
): Promise<void> {
  const entries = registries.flatMap((registry) => entriesOf(registry).map((name) => join(registry, name)));
  // Every server asks when it has started, and hardly one finds something: then nothing more is loaded.
  if (entries.length === 0) return;
  const { sweepPlaceholder } = await import("./placeholder.ts");
  for (const entry of entries) {
    const left = readEntry(entry);
    if (left !== undefined) sweepPlaceholder({ ...left, entry });
  }
}

function entriesOf(registry: string): readonly string[] {
  try {
    return readdirSync(registry);
  } catch {
    return [];
  }
}

/** Undefined for what is just being written or no entry at all. */
function readEntry(path: string): MissingName | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof read !== "object" || read === null || !("path" in read) || !("kind" in read)) return undefined;
    const { path: named, kind } = read;
    if (typeof named !== "string" || (kind !== "directory" && kind !== "file")) return undefined;
    return { path: named, kind };
  } catch {
    return undefined;
  }
}
