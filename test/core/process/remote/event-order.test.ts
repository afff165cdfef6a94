import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ProcessEvent } from "../../../../core/process/process-backend.ts";
import { EventOrder } from "../../../../core/process/remote/event-order.ts";
import type { ReadAnswer, SequencedEvent } from "../../../../core/process/remote/process-event.ts";

const exited = (seq: number): SequencedEvent => ({
  kind: "exited",
  seq,
  status: { kind: "exited", code: 3 },
});
const closed = (seq: number): SequencedEvent => ({ kind: "closed", seq });
const output = (seq: number): SequencedEvent => ({
  kind: "output",
  seq,
  stream: "stdout",
  bytes: new TextEncoder().encode(`${seq},`),
});

/** A whole life: some output, the exit among it, closed last. */
const lives = fc
  .record({ outputs: fc.integer({ min: 0, max: 12 }), exitAt: fc.nat() })
  .map(({ outputs, exitAt }): SequencedEvent[] => {
    const place = (exitAt % (outputs + 1)) + 1;
    const events: SequencedEvent[] = [];
    for (let seq = 1; seq <= outputs + 1; seq++) events.push(seq === place ? exited(seq) : output(seq));
    return [...events, closed(outputs + 2)];
  });

/** What `process/read` answers after `afterSeq`, where everything is retained. */
function read(life: readonly SequencedEvent[], afterSeq: number): ReadAnswer {
  const chunks = life.filter((event) => event.kind === "output" && event.seq > afterSeq);
  return {
    chunks: chunks.flatMap((event) =>
      event.kind === "output" ? [{ seq: event.seq, stream: event.stream, chunk: event.bytes }] : [],
    ),
    nextSeq: life.length + 1,
    exited: true,
    exitCode: 3,
    closed: true,
    failure: null,
    omittedBytes: 0,
  };
}

const kinds = (events: readonly ProcessEvent[]) =>
  events.map((event) => (event.kind === "output" ? new TextDecoder().decode(event.bytes) : event.kind));
const text = (events: readonly ProcessEvent[]) =>
  kinds(events)
    .filter((word) => word.endsWith(","))
    .join("");

describe("the order of a process's events", () => {
  test("any arrival, with repeats, gives each event once and by number", () => {
    fc.assert(
      fc.property(
        lives.chain((life) =>
          fc.record({
            life: fc.constant(life),
            arrival: fc.shuffledSubarray([...life, ...life], {
              minLength: life.length * 2,
              maxLength: life.length * 2,
            }),
          }),
        ),
        ({ life, arrival }) => {
          const order = new EventOrder();
          const given = arrival.flatMap((event) => order.push(event));
          expect(kinds(given)).toEqual(kinds(life));
          expect(order.hasHole).toBe(false);
          expect(order.done).toBe(true);
        },
      ),
    );
  });

  test("whatever was lost on the way, one read makes it whole", () => {
    fc.assert(
      fc.property(
        lives.chain((life) => fc.record({ life: fc.constant(life), arrived: fc.shuffledSubarray(life) })),
        ({ life, arrived }) => {
          const order = new EventOrder();
          const before = arrived.flatMap((event) => order.push(event));
          const given = order.done ? before : [...before, ...order.merge(read(life, order.last))];
          expect(text(given)).toBe(text(life.map((event) => withoutSeq(event))));
          expect(kinds(given).filter((word) => word === "exited" || word === "closed")).toEqual([
            "exited",
            "closed",
          ]);
          expect(kinds(given)).not.toContain("gap");
        },
      ),
    );
  });

  test("numbers that retention has dropped are a gap, before what follows them", () => {
    const order = new EventOrder();
    order.push(output(1));
    const given = order.merge({
      chunks: [{ seq: 5, stream: "stdout", chunk: new Uint8Array([53]) }],
      nextSeq: 6,
      exited: false,
      exitCode: null,
      closed: false,
      failure: null,
      omittedBytes: 0,
    });
    expect(kinds(given)).toEqual(["gap", "5"]);
    expect(order.last).toBe(5);
  });

  test("a server that counts what it dropped has the count passed on", () => {
    const given = new EventOrder().merge({
      chunks: [{ seq: 3, stream: "stdout", chunk: new Uint8Array([51]) }],
      nextSeq: 4,
      exited: false,
      exitCode: null,
      closed: false,
      failure: null,
      omittedBytes: 4_000,
    });
    expect(given[0]).toEqual({ kind: "gap", omittedBytes: 4_000 });
  });

  test("bytes that came between the question and its answer are no part of the gap", () => {
    const order = new EventOrder();
    order.push(output(1));
    order.ask();
    const came = order.push(output(2));
    const given = order.merge({
      chunks: [{ seq: 4, stream: "stdout", chunk: new Uint8Array([52]) }],
      nextSeq: 5,
      exited: false,
      exitCode: null,
      closed: false,
      failure: null,
      omittedBytes: weight(came) + 7,
    });
    expect(given[0]).toEqual({ kind: "gap", omittedBytes: 7 });
  });

  test("an answer that is older than what was handed out changes nothing", () => {
    const order = new EventOrder();
    const life = [output(1), output(2), output(3)];
    const early: ReadAnswer = { ...read(life.slice(0, 2), 0), exited: false, exitCode: null, closed: false };
    for (const event of life) order.push(event);
    expect(order.merge(early)).toEqual([]);
    expect(order.last).toBe(3);
  });

  test("an answer cut short is followed by the rest, wherever it is cut", () => {
    fc.assert(
      fc.property(lives, fc.nat(), (life, cut) => {
        const order = new EventOrder();
        const outputs = life.filter((event) => event.kind === "output");
        const kept = outputs.slice(0, outputs.length === 0 ? 0 : (cut % outputs.length) + 1);
        const lastSeq = kept.at(-1)?.seq ?? 0;
        const part = read(
          life.filter((event) => event.seq <= lastSeq),
          0,
        );
        const first = order.merge({
          ...part,
          nextSeq: lastSeq + 1,
          exited: false,
          exitCode: null,
          closed: false,
        });
        const rest = order.merge(read(life, order.last));
        expect(text([...first, ...rest])).toBe(text(life.map((event) => withoutSeq(event))));
      }),
    );
  });

  test("an exit code that the server does not know is not invented", () => {
    const given = new EventOrder().merge({ ...read([closed(1)], 0), exitCode: null });
    expect(given[0]).toMatchObject({ kind: "exited", status: { kind: "unknown" } });
  });
});

/** The event as it is handed out. */
function withoutSeq(event: SequencedEvent): ProcessEvent {
  const { seq: _, ...rest } = event;
  return rest;
}

function weight(events: readonly ProcessEvent[]): number {
  return events.reduce((sum, event) => sum + (event.kind === "output" ? event.bytes.length : 0), 0);
}
