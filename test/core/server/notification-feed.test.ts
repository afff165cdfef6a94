import { describe, expect, test } from "bun:test";
import { limits } from "../../../core/limits.ts";
import { MemoryBudget } from "../../../core/process/log/memory-budget.ts";
import { SessionRetention } from "../../../core/process/log/session-retention.ts";
import { SpillStore } from "../../../core/process/log/spill-store.ts";
import { ManagedProcess } from "../../../core/process/managed-process.ts";
import { NotificationFeed } from "../../../core/server/notification-feed.ts";
import type { Connection } from "../../../core/transport/connection.ts";
import { readMessage } from "../../support/wire-message.ts";
import { HeldProcess, settled } from "../process/held-process.ts";

/** A peer that takes what the test says and tells when it has taken enough. */
class SlowConnection implements Connection {
  readonly transport = "websocket";
  readonly peer = "test";
  readonly sent: { readonly processId: string; readonly seq: number }[] = [];
  buffered = 0;
  send(text: string): void {
    this.buffered += text.length;
    const { params } = readMessage(text);
    if (params !== undefined) this.sent.push({ processId: params.processId, seq: params.seq });
  }
  close(): void {}
}

function setting() {
  const connection = new SlowConnection();
  const feed = new NotificationFeed(connection, (error) => {
    throw error;
  });
  const budget = new MemoryBudget(new SpillStore());
  const retention = new SessionRetention();
  const start = (processId: string) => {
    const held = new HeldProcess();
    const managed = new ManagedProcess(held, { processId, tty: false, budget, retention });
    managed.attach(feed.sinkFor(managed));
    return { held, managed };
  };
  const take = async () => {
    connection.buffered = 0;
    feed.drained();
    await settled();
  };
  return { connection, feed, start, take };
}

const chunk = new Uint8Array(limits.outputChunkBytes);

describe("NotificationFeed", () => {
  for (const [buffered, writable] of [
    [limits.outboundHighWaterBytes - 1, true],
    [limits.outboundHighWaterBytes, true],
    [limits.outboundHighWaterBytes + 1, false],
  ] as const) {
    test(`with ${buffered} bytes unsent it takes ${writable ? "another event" : "no more"}`, async () => {
      const { connection, start } = setting();
      connection.buffered = buffered;
      const { held } = start("p");
      held.stdout.say("x");
      await settled();
      expect(connection.sent.length).toBe(writable ? 1 : 0);
    });
  }

  test("floods share a slow connection in turn, and one line of another waits for one round only", async () => {
    const { connection, start, take } = setting();
    const floods = ["a", "b", "c"].map(start);
    for (let n = 0; n < 200; n++) for (const { held } of floods) held.stdout.say(chunk);
    await settled();
    await take();
    const quiet = start("quiet");
    quiet.held.stdout.say("one line");
    await settled();
    const before = connection.sent.length;
    while (!connection.sent.some(({ processId }) => processId === "quiet")) await take();
    expect(connection.sent.length - before).toBeLessThanOrEqual(floods.length + 2);
    for (let n = 0; n < 60; n++) await take();
    const counts = ["a", "b", "c"].map(
      (id) => connection.sent.filter(({ processId }) => processId === id).length,
    );
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
    for (const id of ["a", "b", "c"]) {
      const seqs = connection.sent.filter(({ processId }) => processId === id).map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    }
    for (const { managed } of floods) managed.abandon();
  });

  test("everything arrives once and in order over a connection that drains now and then", async () => {
    const { connection, start, take } = setting();
    const { held, managed } = start("p");
    for (let n = 0; n < 50; n++) {
      held.stdout.say(chunk);
      held.stderr.say("note");
    }
    held.finish();
    while (!managed.log.closed || managed.delivery.lag > 0) {
      await take();
    }
    await take();
    expect(connection.sent.map(({ seq }) => seq)).toEqual(
      Array.from({ length: managed.log.nextSeq - 1 }, (_, index) => index + 1),
    );
  });

  test("after its end it delivers nothing, and a process that is gone is passed over", async () => {
    const { connection, feed, start } = setting();
    connection.buffered = limits.outboundHighWaterBytes + 1;
    const { held, managed } = start("p");
    held.stdout.say("x");
    await settled();
    managed.abandon();
    connection.buffered = 0;
    feed.drained();
    expect(connection.sent).toEqual([]);
    feed.end();
    feed.drained();
    expect(connection.sent).toEqual([]);
  });
});
