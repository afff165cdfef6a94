import type { Case } from "./case.ts";
import { differences } from "./difference.ts";
import { runCase } from "./run-case.ts";
import type { Side } from "./side.ts";
import type { CaseDifferences } from "./verdict.ts";

export interface Server {
  readonly side: Side;
  readonly url: string;
}

export interface Comparison {
  readonly servers: readonly [reference: Server, ours: Server];
  /** Cases in flight at once. */
  readonly parallel: number;
  /** Whether everything that differs in a case is meant to. */
  readonly isExpected: (result: CaseDifferences) => boolean;
  readonly onDone?: (name: string, answers: readonly [reference: unknown, ours: unknown], ms: number) => void;
}

async function compareCase(testCase: Case, comparison: Comparison): Promise<CaseDifferences> {
  const begun = performance.now();
  const [reference, ours] = comparison.servers;
  const answers = await Promise.all([
    runCase(testCase, reference.side, reference.url),
    runCase(testCase, ours.side, ours.url),
  ]);
  comparison.onDone?.(testCase.name, answers, performance.now() - begun);
  return { name: testCase.name, differences: differences(answers[0], answers[1]) };
}

/**
 * Puts every case to both servers at the same time. A case that differs unexpectedly is asked once more with
 * nothing beside it, so that a machine under load is not taken for a difference; the second answer counts.
 */
export async function compareCases(
  cases: readonly Case[],
  comparison: Comparison,
): Promise<CaseDifferences[]> {
  const waiting = [...cases];
  const again: Case[] = [];
  const found = new Map<string, CaseDifferences>();
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const result = await compareCase(next, comparison);
      found.set(next.name, result);
      if (!comparison.isExpected(result)) again.push(next);
    }
  };
  await Promise.all(Array.from({ length: comparison.parallel }, worker));
  for (const testCase of again) found.set(testCase.name, await compareCase(testCase, comparison));
  return cases.flatMap(({ name }) => found.get(name) ?? []);
}
