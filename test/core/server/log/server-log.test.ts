import { describe, expect, test } from "bun:test";
import { describeInternalError } from "../../../../core/server/log/describe-internal-error.ts";
import type { LogOutput } from "../../../../core/server/log/log-sink.ts";
import { LogSink } from "../../../../core/server/log/log-sink.ts";
import { loggedAcceptor } from "../../../../core/server/log/logged-acceptor.ts";
import { ServerLog } from "../../../../core/server/log/server-log.ts";
import type { Connection } from "../../../../core/transport/connection.ts";

/** Remembers what was written. */
function recorder(): LogOutput & { readonly text: string } {
  let text = "";
  return {
    write(more) {
      text += more;
      return more.length;
    },
    flush: () => 0,
    get text() {
      return text;
    },
  };
}

const now = () => Date.UTC(2026, 0, 2, 3, 4, 5, 6);

describe("the server's log", () => {
  test("writes one line of text an event and quotes what could be mistaken", async () => {
    const output = recorder();
    const log = new ServerLog({ level: "info", format: "text", output, now });
    log.debug("unseen");
    log.info("connection opened", { id: 1, peer: "127.0.0.1:5", reason: "a\nb=c\u001b\u202e" });
    await log.flush(1_000);
    expect(output.text).toBe(
      '2026-01-02T03:04:05.006Z info connection opened id=1 peer=127.0.0.1:5 reason="a\\nb=c\\u001b\\u202e"\n',
    );
  });

  test("writes one JSON object an event", async () => {
    const output = recorder();
    const log = new ServerLog({ level: "warn", format: "json", output, now });
    log.info("unseen");
    log.warn("event", { lost: 3, reason: 'a "quoted" word' });
    await log.flush(1_000);
    expect(JSON.parse(output.text)).toEqual({
      time: "2026-01-02T03:04:05.006Z",
      level: "warn",
      event: "event",
      lost: 3,
      reason: 'a "quoted" word',
    });
  });

  test("says where an internal error was thrown, and never its message", () => {
    const failure = new TypeError("cannot read /home/someone/secret");
    const { error, at } = describeInternalError(failure);
    expect(error).toBe("TypeError");
    expect(at).toContain("server-log.test.ts");
    expect(at).not.toContain("someone");
    expect(describeInternalError("text")).toEqual({ error: "string", at: "unknown" });
  });
});

describe("a blocked log", () => {
  test("keeps a bounded number of lines and counts the others", async () => {
    const gate = Promise.withResolvers<number>();
    const written: string[] = [];
    const sink = new LogSink(
      { write: (text) => written.push(text), flush: () => gate.promise },
      (lost) => `${lost} lost`,
      3,
    );
    sink.write("first");
    await Promise.resolve();
    await Promise.resolve();
    expect(written).toEqual(["first\n"]);
    for (let line = 0; line < 10; line++) sink.write(`line ${line}`);
    await sink.flush(1);
    gate.resolve(0);
    await sink.flush(1_000);
    expect(written.join("")).toBe("first\nline 0\nline 1\nline 2\n7 lost\n");
  });

  test("that breaks is given up without harm", async () => {
    const sink = new LogSink({ write: () => 0, flush: () => Promise.reject(new Error("EPIPE")) }, String);
    sink.write("one");
    await sink.flush(1_000);
    sink.write("two");
    await sink.flush(1_000);
  });
});

test("a connection leaves one line when it opens and one when it has closed, with what passed", async () => {
  const output = recorder();
  const log = new ServerLog({ level: "info", format: "json", output, now });
  const connection: Connection = {
    transport: "websocket",
    peer: "127.0.0.1:5",
    buffered: 0,
    send() {},
    close() {},
  };
  const accept = loggedAcceptor(
    (inner) => ({ message: (text) => inner.send(text + text), drained() {}, closed() {} }),
    log,
    "capability-token",
  );
  const events = accept(connection);
  events.message("é");
  events.closed("closed by the peer: 1000");
  await log.flush(1_000);
  const [opened, closed] = output.text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(opened).toMatchObject({
    id: 1,
    transport: "websocket",
    peer: "127.0.0.1:5",
    auth: "capability-token",
  });
  expect(closed).toMatchObject({
    id: 1,
    messagesIn: 1,
    charactersIn: 1,
    messagesOut: 1,
    charactersOut: 2,
    reason: "closed by the peer: 1000",
  });
});
