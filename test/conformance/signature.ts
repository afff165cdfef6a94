import type { Difference } from "./difference.ts";

/**
 * A difference that we mean. `*` in `cases` and `path` stands for any run of characters. `reference` and `ours`
 * are what each answers at that path: a value, or a pattern for texts (values that are no text are matched as JSON).
 * Kinds: safer, truer, lossless and faster speak for themselves; wording is another sentence for the same refusal;
 * beyond is something the reference cannot do; later is a part of the reference that is not built yet.
 */
export interface Signature {
  readonly cases: string;
  readonly path: string;
  readonly reference: unknown;
  readonly ours: unknown;
  readonly kind: "safer" | "truer" | "lossless" | "faster" | "wording" | "beyond" | "later";
  readonly reason: string;
}

export function matchesGlob(glob: string, text: string): boolean {
  const parts = glob.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}

function matchesValue(expected: unknown, value: unknown): boolean {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (expected instanceof RegExp) return expected.test(text);
  return Bun.deepEquals(expected, value, true);
}

export function covers(signature: Signature, caseName: string, difference: Difference): boolean {
  return (
    matchesGlob(signature.cases, caseName) &&
    matchesGlob(signature.path, difference.path) &&
    matchesValue(signature.reference, difference.reference) &&
    matchesValue(signature.ours, difference.ours)
  );
}

/** One signature for each path: what the reference answers there, then what we answer. */
export function signEach(
  shape: Omit<Signature, "path" | "reference" | "ours">,
  answers: Readonly<Record<string, readonly [reference: unknown, ours: unknown]>>,
): Signature[] {
  return Object.entries(answers).map(([path, [reference, ours]]) => ({ ...shape, path, reference, ours }));
}
