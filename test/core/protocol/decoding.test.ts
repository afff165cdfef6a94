import { describe, expect, test } from "bun:test";
import { readCorpus } from "./corpus.ts";
import { outcomeOf } from "./outcome.ts";

interface Difference {
  readonly reason: string;
  readonly text: string;
  readonly reference: string;
  readonly ours: string;
}

describe("decoding, compared with what the reference was seen to answer", () => {
  test("messages and params of every kind, same verdict in the same words", () => {
    const rows = readCorpus<readonly [text: string, outcome: string]>("decoding");
    expect(rows.length).toBeGreaterThan(600);
    for (const [text, outcome] of rows) expect([text, outcomeOf(text)]).toEqual([text, outcome]);
  });

  const differences = readCorpus<Difference>("decoding-differences");
  for (const [reason, rows] of Map.groupBy(differences, (row) => row.reason)) {
    test(`differs on purpose: ${reason}`, () => {
      for (const { text, reference, ours } of rows) {
        expect([text, outcomeOf(text)]).toEqual([text, ours]);
        expect(ours).not.toBe(reference);
      }
    });
  }
});
