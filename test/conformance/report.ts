import type { CaseDifferences, Verdict } from "./verdict.ts";

export interface RunFacts {
  readonly cases: number;
  readonly seconds: number;
  /** Whether a signature without a difference is a failure: only when every case was asked. */
  readonly judgeStale: boolean;
  /** Given to show signed differences as well. */
  readonly found?: readonly CaseDifferences[];
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 500 ? `${text.slice(0, 500)}… (${text.length} characters)` : text;
}

function printDifferences(list: readonly CaseDifferences[]): void {
  for (const { name, differences } of list) {
    if (differences.length > 0) console.log(name);
    for (const { path, reference, ours } of differences) {
      console.log(`    ${path}\n      reference: ${show(reference)}\n      ours:      ${show(ours)}`);
    }
  }
}

/** Prints what is wrong, then one line of sums; true when nothing is. */
export function printVerdict(verdict: Verdict, facts: RunFacts): boolean {
  printDifferences(facts.found ?? verdict.unsigned);
  const stale = facts.judgeStale ? verdict.stale : [];
  for (const { cases, path, reason } of stale)
    console.log(`signed but no longer different: ${cases} ${path} (${reason})`);
  const failed = verdict.unsigned.length + stale.length;
  console.log(
    `${facts.cases} cases in ${facts.seconds.toFixed(1)} s: ${verdict.signed} signed differences, ` +
      `${verdict.unsigned.length} cases with unsigned ones, ${stale.length} stale signatures`,
  );
  return failed === 0;
}
