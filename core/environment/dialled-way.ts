import type { EnvironmentSnapshot } from "./definition.ts";

/**
 * The names that `codex-env dial NAME` would go through, where each is `codex-env dial` of the next: all but the last
 * only pass on. The last is one that was there before where the way leads in a circle, which would start programs for ever.
 */
export function dialledWay({ definitions, defaultId }: EnvironmentSnapshot, name: string): readonly string[] {
  const way: string[] = [];
  let next: string | null = name;
  while (next !== null) {
    const id: string = next;
    const isCircle = way.includes(id);
    way.push(id);
    const transport = definitions.find((definition) => definition.id === id)?.transport;
    if (isCircle || transport?.kind !== "command" || transport.argv[1] !== "dial") return way;
    const named = destinationIn(transport.argv.slice(2));
    next = named === undefined ? defaultId : named;
  }
  return way;
}

/** The first word that is no flag; each flag of `dial` has a value, behind `=` or in the next word. */
function destinationIn(words: readonly string[]): string | undefined {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (!word.startsWith("-")) return word;
    if (!word.includes("=")) index++;
  }
  return undefined;
}
