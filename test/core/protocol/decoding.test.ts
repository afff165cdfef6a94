import { describe, expect, test } from "bun:test";
import { limits } from "../../../core/limits.ts";
import { readCorpus } from "./corpus.ts";
import { outcomeOf } from "./outcome.ts";

interface Difference {
  readonly reason: string;
  readonly text: string;
  readonly reference: string;
  readonly ours: string;
}

describe("decoding what is made to cost", () => {
  test("a huge list of mistakes, refused at the first", () => {
    const text = `{"id":1,"method":"process/start","params":{"argv":[${"1,".repeat(limits.jsonValues - 10)}1]}}`;
    const started = performance.now();
    expect(outcomeOf(text)).toBe("params: invalid type: number, expected a string");
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test("a huge string where a number belongs, quoted up to the limit", () => {
    const text = `{"id":1,"method":"process/read","params":{"processId":"p","afterSeq":"${"é".repeat(5_000_000)}"}}`;
    const started = performance.now();
    const outcome = outcomeOf(text);
    expect(outcome).toEndWith('é… (5000000 characters)", expected u64');
    expect(outcome.length).toBeLessThan(limits.errorTextCharacters + 100);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

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
