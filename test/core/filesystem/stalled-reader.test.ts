import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import type { Frame } from "../../support/raw/frame.ts";
import { RawSocket } from "../../support/raw/raw-socket.ts";
import { startTestServer } from "../../support/test-server.ts";
import { sleep, until } from "../../support/wait.ts";
import { ScopeFixture } from "./scope-fixture.ts";

const MiB = 1024 * 1024;
const requests = 24;
const textFrame = 1;

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
}

function idsOf(frames: readonly Frame[]): number[] {
  return frames.map(({ payload }) => Number(/"id":(\d+)/.exec(payload.toString("latin1"))?.[1]));
}

test("a client that asks for 192 MiB of file and reads nothing costs the server little, and gets it all later", async () => {
  await using fixture = new ScopeFixture();
  await using server = await startTestServer();
  writeFileSync(fixture.path("f"), Buffer.alloc(8 * MiB, 7));
  const frames: Frame[] = [];
  const socket = await RawSocket.open(server.url, {
    onFrame: (frame) => frame.opcode === textFrame && frames.push(frame),
  });
  const send = (message: object) => socket.send(textFrame, JSON.stringify(message));
  send({ id: 0, method: "initialize", params: { clientName: "stalled" } });
  send({ method: "initialized" });
  expect(await until(() => frames.length === 1, 5000)).toBe(true);
  const idle = residentBytes(server.pid);
  socket.pause();
  for (let id = 1; id <= requests; id++)
    send({ id, method: "fs/readFile", params: { path: fixture.uri("f") } });
  await sleep(1000);
  // One or two answers unsent, and what was garbage of making them: about 145 MiB; all 24 together take 330.
  expect((residentBytes(server.pid) - idle) / MiB).toBeLessThan(200);
  socket.resume();
  expect(await until(() => frames.length === requests + 1, 20_000)).toBe(true);
  expect(idsOf(frames).sort((a, b) => a - b)).toEqual(Array.from({ length: requests + 1 }, (_, id) => id));
}, 30_000);
