import { readdirSync } from "node:fs";
import { join } from "node:path";
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
  for (const entry of entries) sweepPlaceholder(entry);
}

function entriesOf(registry: string): readonly string[] {
  try {
    return readdirSync(registry).filter((name) => /^[0-9a-f]{64}$/.test(name));
  } catch {
    return [];
  }
}
