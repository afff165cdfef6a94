import { describe, expect, test } from "bun:test";
import { limits } from "../../../core/limits.ts";
import { Answers } from "../../../core/server/answers.ts";
import type { Connection } from "../../../core/transport/connection.ts";

/** A connection whose peer takes what the test says. */
class FilledConnection implements Connection {
  readonly transport = "websocket";
  readonly peer = "test";
  readonly sent: string[] = [];
  buffered = 0;
  closedWith: number | undefined;
  send(text: string): void {
    this.sent.push(text);
  }
  close(code: number): void {
    this.closedWith ??= code;
  }
}

const settled = () => new Promise<void>((resume) => setImmediate(resume));

/** An answer of exactly so many bytes in all. */
function answerOf(bytes: number): string {
  return "x".repeat(bytes - '{"id":1,"result":""}'.length);
}

describe("Answers", () => {
  for (const [bytes, goes] of [
    [limits.outgoingFrameBytes - 1, true],
    [limits.outgoingFrameBytes, true],
    [limits.outgoingFrameBytes + 1, false],
  ] as const) {
    test(`an answer of ${bytes} bytes ${goes ? "goes out" : "is refused and nothing is sent"}`, () => {
      const connection = new FilledConnection();
      const answers = new Answers(connection);
      if (goes) expect(answers.result(1, answerOf(bytes))).toBe(bytes);
      else expect(() => answers.result(1, answerOf(bytes))).toThrow("exceeds the frame limit");
      expect(connection.sent.length).toBe(goes ? 1 : 0);
    });
  }

  test("bytes are counted, not characters", () => {
    const answers = new Answers(new FilledConnection());
    expect(() => answers.result(1, "ä".repeat(limits.outgoingFrameBytes / 2))).toThrow();
  });

  test("a client that leaves as much as is kept goes on, one byte more ends the link and nothing follows", () => {
    const connection = new FilledConnection();
    const answers = new Answers(connection);
    connection.buffered = limits.untakenAnswerBytes;
    answers.result(1, {});
    expect(connection.closedWith).toBeUndefined();
    connection.buffered += 1;
    answers.error(2, { code: -32600, message: "no" });
    expect(connection.closedWith).toBe(1008);
    answers.result(3, {});
    expect(connection.sent.length).toBe(2);
  });

  test("turns are given one at a time, and only while the client takes what came before", async () => {
    const connection = new FilledConnection();
    const answers = new Answers(connection);
    const order: number[] = [];
    for (let n = 0; n < 4; n++) {
      void answers.turn().then(() => {
        order.push(n);
        if (n === 1) connection.buffered = limits.outgoingFrameBytes + 1;
      });
    }
    await settled();
    await settled();
    await settled();
    expect(order).toEqual([0, 1]);
    connection.buffered = limits.outgoingFrameBytes;
    answers.drained();
    await settled();
    await settled();
    expect(order).toEqual([0, 1, 2, 3]);
  });

  test("who waits for a turn gets it when the connection ends", async () => {
    const connection = new FilledConnection();
    const answers = new Answers(connection);
    connection.buffered = limits.outgoingFrameBytes + 1;
    const turn = answers.turn();
    answers.end();
    await turn;
  });
});
