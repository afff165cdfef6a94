import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { RawWebSocket } from "../../core/transport/raw-websocket.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";

/** A client whose command prints without end, and that has stopped reading. */
async function stalledClient(server: TestServer): Promise<RawWebSocket> {
  const port = Number(new URL(server.url).port);
  const socket = await RawWebSocket.open({ port });
  const flood = { processId: "p", argv: ["/bin/cat", "/dev/zero"], cwd: "file:///", env: {}, tty: false };
  socket.send(1, '{"id":1,"method":"initialize","params":{"clientName":"test"}}');
  socket.send(1, '{"method":"initialized"}');
  socket.send(1, JSON.stringify({ id: 2, method: "process/start", params: flood }));
  await socket.until(() => socket.frames.length > 10);
  socket.pause();
  // The kernel widens its buffers in steps: only a queue that stays as it is for a while is full.
  let before = -1;
  let still = 0;
  await until(() => {
    const queued = sendQueueBytes(port);
    still = queued > 0 && queued === before ? still + 1 : 0;
    before = queued;
    return still === 25;
  }, 10_000);
  return socket;
}

/** What the kernel still holds for the peers of a port of this machine: `tx_queue` of /proc/net/tcp. */
function sendQueueBytes(port: number): number {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = readFileSync("/proc/net/tcp", "latin1").split("\n");
  const queues = rows.map((row) => row.trim().split(/\s+/)).filter(([, address]) => address?.endsWith(local));
  return queues.reduce((sum, columns) => sum + Number.parseInt(columns[4] ?? "0", 16), 0);
}

test("a client that reads nothing keeps the server from ending no longer than 5 s", async () => {
  const server = await startTestServer();
  using _client = await stalledClient(server);
  const begun = performance.now();
  server.signal("SIGTERM");
  expect(await server.exited).toBe(0);
  expect(performance.now() - begun).toBeLessThan(5_000);
});

test("a second stop signal ends the server at once, as the signal would", async () => {
  const server = await startTestServer();
  using _client = await stalledClient(server);
  server.signal("SIGTERM");
  await until(() => server.stderr().includes("stopping"), 5_000);
  server.signal("SIGTERM");
  expect(await server.exited).toBe(143);
});
