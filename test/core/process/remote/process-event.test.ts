import { describe, expect, test } from "bun:test";
import { parseNotification } from "../../../../core/process/remote/process-event.ts";

describe("a notification about a process", () => {
  test("becomes an event, its bytes decoded", () => {
    const params = { processId: "p", seq: 4, stream: "pty", chunk: "AP8=" };
    expect(parseNotification("process/output", params)).toEqual({
      processId: "p",
      event: { kind: "output", seq: 4, stream: "pty", bytes: new Uint8Array([0, 255]) },
    });
    expect(parseNotification("process/closed", { processId: "p", seq: 5 })?.event).toEqual({
      kind: "closed",
      seq: 5,
    });
  });

  test("with no exit code, or a negative one, leaves the code unknown, with the reason", () => {
    const params = { processId: "p", seq: 4, exitCode: -1, failure: "the guardian died" };
    expect(parseNotification("process/exited", params)?.event).toMatchObject({
      status: { kind: "unknown", reason: "the guardian died" },
    });
    expect(parseNotification("process/exited", { processId: "p", seq: 4 })?.event).toMatchObject({
      status: { kind: "unknown" },
    });
  });

  test.each([
    { processId: "p", seq: 0, stream: "pty", chunk: "" },
    { processId: "p", seq: 1.5, stream: "pty", chunk: "" },
    { processId: "p", seq: 1, stream: "stdin", chunk: "" },
    { processId: "p", seq: 1, stream: "pty", chunk: "AP8" },
    { processId: 5, seq: 1, stream: "pty", chunk: "" },
    null,
  ])("that is malformed is refused: %j", (params) => {
    expect(() => parseNotification("process/output", params)).toThrow();
  });

  test("of another kind is none", () => expect(parseNotification("fs/missingChanged", {})).toBeUndefined());
});
