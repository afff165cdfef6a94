import { expect, test } from "bun:test";
import { limits } from "../../../core/limits.ts";
import { listen } from "../../../core/server/listen/listen.ts";
import type { Connection } from "../../../core/transport/connection.ts";
import { RawWebSocket } from "./raw-websocket.ts";

test("nothing is dropped for a reader that stalls, and `drained` is told when it has caught up", async () => {
  const drained = Promise.withResolvers<number>();
  let connection: Connection | undefined;
  const listener = await listen({ listen: "ws://127.0.0.1:0", auth: {} }, (opened) => {
    connection = opened;
    return { message() {}, drained: () => drained.resolve(opened.buffered), closed() {} };
  });
  const port = Number(listener.url?.split(":").at(-1));
  using socket = await RawWebSocket.open({ port });
  socket.pause();
  const part = "x".repeat(1 << 20);
  for (let sent = 0; sent < 32; sent++) connection?.send(part);
  expect(connection?.buffered).toBeGreaterThan(limits.outboundHighWaterBytes);
  socket.resume();
  expect(await drained.promise).toBeLessThanOrEqual(limits.outboundLowWaterBytes);
  await socket.until(() => socket.texts.length === 32);
  expect(connection?.buffered).toBe(0);
  await listener.close();
});
