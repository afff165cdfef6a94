import { expect, test } from "bun:test";
import { History, type HistoryEvent } from "./history.ts";

const output = (seq: number, text: string): HistoryEvent => ({
  kind: "output",
  seq,
  stream: "stdout",
  bytes: Buffer.from(text),
});
const exited: HistoryEvent = { kind: "exited", seq: 3, exitCode: 0 };
const closed: HistoryEvent = { kind: "closed", seq: 4 };

function verdict(events: readonly HistoryEvent[]): readonly string[] {
  const wanted = "abcd";
  const history = new History("p", (_, bytes, offset) =>
    bytes.toString() === wanted.slice(offset, offset + bytes.length) ? undefined : `wrong at ${offset}`,
  );
  for (const event of events) history.add(event);
  return history.finish();
}

test("a history with everything once, in any order, repeats included, is right", () => {
  expect(verdict([output(1, "ab"), output(2, "cd"), exited, closed])).toEqual([]);
  expect(verdict([closed, exited, output(2, "cd"), output(1, "ab")])).toEqual([]);
  expect(verdict([output(1, "ab"), output(1, "ab"), output(2, "cd"), exited, exited, closed])).toEqual([]);
});

test("a history with a missing output, a wrong byte, two exits or output after closed is refused", () => {
  expect(verdict([output(1, "ab"), exited, closed])).not.toEqual([]);
  expect(verdict([output(1, "ax"), output(2, "cd"), exited, closed])).not.toEqual([]);
  expect(verdict([output(1, "ab"), output(2, "cd"), exited, { ...exited, seq: 5 }, closed])).not.toEqual([]);
  expect(verdict([output(1, "ab"), output(2, "cd"), exited, closed, output(5, "e")])).not.toEqual([]);
  expect(verdict([output(1, "ab"), output(2, "cd"), closed])).not.toEqual([]);
  expect(verdict([output(1, "ab"), output(2, "cd"), exited])).not.toEqual([]);
});

test("seqs that a read covers without a chunk count as seen, but not more than the exit and the close", () => {
  const history = new History("p", () => undefined);
  history.add(output(1, "ab"));
  history.add(output(2, "cd"));
  history.covered(2, 5, []);
  history.sawClosed(4, 0);
  expect(history.finish()).toEqual([]);
  const gap = new History("p", () => undefined);
  gap.covered(0, 6, []);
  gap.sawClosed(5, 0);
  expect(gap.finish()).not.toEqual([]);
});
