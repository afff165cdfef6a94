import type { Difference } from "./difference.ts";
import { covers, matchesGlob, type Signature } from "./signature.ts";

export interface CaseDifferences {
  readonly name: string;
  readonly differences: readonly Difference[];
}

export interface Verdict {
  /** Only what no signature covers. */
  readonly unsigned: readonly CaseDifferences[];
  readonly signed: number;
  /** Signatures of cases that were asked which no difference needs any more. */
  readonly stale: readonly Signature[];
}

/** Holds what a run found against the signed table. */
export function judge(found: readonly CaseDifferences[], signatures: readonly Signature[]): Verdict {
  const used = new Set<Signature>();
  let signed = 0;
  const unsigned = found.map(({ name, differences }) => ({
    name,
    differences: differences.filter((difference) => {
      const matching = signatures.filter((signature) => covers(signature, name, difference));
      for (const signature of matching) used.add(signature);
      if (matching.length > 0) signed++;
      return matching.length === 0;
    }),
  }));
  return {
    unsigned: unsigned.filter(({ differences }) => differences.length > 0),
    signed,
    stale: signatures.filter(
      (signature) => !used.has(signature) && found.some(({ name }) => matchesGlob(signature.cases, name)),
    ),
  };
}
