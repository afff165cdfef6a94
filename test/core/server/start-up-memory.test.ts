import { expect, test } from "bun:test";
import { releasingStartUp } from "../../../core/server/start-up-memory.ts";
import type { Connection } from "../../../core/transport/connection.ts";

function connection(transport: Connection["transport"]): Connection {
  return { transport, peer: "test", buffered: 0, send() {}, close() {} };
}

const silent = { message() {}, drained() {}, closed() {} };

/** How often what a start leaves undone was done once its first peer had come, spoken and gone. */
async function settledAfter(transport: Connection["transport"]): Promise<number> {
  let settled = 0;
  const accept = releasingStartUp(
    () => silent,
    async () => {
      settled++;
    },
  );
  const events = accept(connection(transport));
  events.message("{}");
  events.closed("gone");
  await Bun.sleep(60);
  return settled;
}

test("a server whose first peer has gone does what its start left undone", async () => {
  expect(await settledAfter("websocket")).toBe(1);
});

test("a server on stdio, which ends with its peer, does not", async () => {
  expect(await settledAfter("stdio")).toBe(0);
});
