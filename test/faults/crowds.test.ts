import { expect, test } from "bun:test";
import net from "node:net";
import { descriptorsOf, zombiesOf } from "../support/process-tree.ts";
import { startTestServer } from "../support/test-server.ts";
import { until } from "../support/wait.ts";
import { WireClient } from "../support/wire-client.ts";
import { startParams } from "./child.ts";
import { countingClient, OutputCounter } from "./open-process.ts";
import { long } from "./seeded-random.ts";

test("tens of thousands of small requests sent at once are all answered, and another connection does not wait for them", async () => {
  await using server = await startTestServer();
  const busy = await WireClient.open(server.url, { timeoutMs: 60_000 });
  const other = await WireClient.open(server.url);
  const total = long ? 1_000_000 : 30_000;
  const request = (id: number) => ({
    id,
    method: id % 2 ? "environment/status" : "fs/getMetadata",
    params: id % 2 ? {} : { path: "file:///etc/hostname" },
  });
  for (let id = 1000; id < 1000 + total; id++) busy.sendJson(request(id));
  const begun = performance.now();
  await other.request("environment/status");
  expect(performance.now() - begun).toBeLessThan(3000);
  await busy.waitFor(() => busy.orphans.length >= total, 60_000);
  const ids = new Set(busy.orphans.map((reply) => reply.id));
  expect(ids.size).toBe(total);
  expect(busy.orphans.every((reply) => reply.result !== undefined)).toBe(true);
  busy.vanish();
  other.vanish();
}, 120_000);

test("thousands of short children leave no zombie and no descriptor", async () => {
  await using server = await startTestServer();
  const counter = new OutputCounter();
  const client = await countingClient(server.url, counter);
  const run = async (name: string) => {
    const started = await client.call("process/start", startParams(name, ["/bin/true"]));
    if (!started.result) throw new Error(JSON.stringify(started.error));
    await client.waitFor(() => counter.closed.has(name));
  };
  const many = async (prefix: string, count: number) => {
    let next = 0;
    const worker = async () => {
      for (let i = next++; i < count; i = next++) await run(`${prefix}${i}`);
    };
    await Promise.all(Array.from({ length: 16 }, worker));
  };
  await many("warm", 64);
  const before = descriptorsOf(server.pid).length;
  await many("p", long ? 100_000 : 3000);
  expect([...counter.exits.values()].every((code) => code === 0)).toBe(true);
  await until(() => descriptorsOf(server.pid).length <= before + 4, 2000);
  expect(descriptorsOf(server.pid).length).toBeLessThanOrEqual(before + 4);
  for (const pid of server.ownProcesses) expect(zombiesOf(pid)).toEqual([]);
  client.vanish();
}, 300_000);

test("hundreds of peers that never finish their handshake do not keep others out", async () => {
  await using server = await startTestServer();
  const { hostname, port } = new URL(server.url);
  const idle = Array.from({ length: 300 }, () => {
    const socket = net.connect(Number(port), hostname, () => socket.write("GET / HTTP/1.1\r\nHost: x"));
    socket.on("error", () => {});
    return socket;
  });
  const connected = await Promise.all(
    Array.from({ length: 100 }, () => WireClient.open(server.url, { init: false })),
  );
  const begun = performance.now();
  const client = await WireClient.open(server.url);
  expect((await client.call("environment/status")).result?.status).toBe("ready");
  expect(performance.now() - begun).toBeLessThan(3000);
  for (const socket of idle) socket.destroy();
  for (const each of connected) each.vanish();
  client.vanish();
}, 60_000);

test("of a thousand files that a connection would hold open 128 are, the others are refused by name of the limit, and another connection still opens one", async () => {
  await using server = await startTestServer();
  const [client, other] = [await WireClient.open(server.url), await WireClient.open(server.url)];
  const open = (link: WireClient, handleId: string) =>
    link.call("fs/open", { handleId, path: "file:///etc/hostname" });
  expect((await open(client, "h0")).error).toBeUndefined();
  const held = () => descriptorsOf(server.pid).filter((target) => target === "/etc/hostname").length;
  expect(held()).toBe(1);
  const asked = Array.from({ length: long ? 100_000 : 1_000 }, (_, index) => open(client, `h${index + 1}`));
  const replies = await Promise.all(asked);
  const refused = replies.flatMap(({ error }) => error?.message ?? []);
  expect(replies.length - refused.length).toBe(127);
  expect([...new Set(refused)]).toEqual(["at most 128 file handles may be open per connection"]);
  expect(held()).toBe(128);
  expect((await open(other, "h")).error).toBeUndefined();
  await client.request("fs/close", { handleId: "h0" });
  expect((await open(client, "again")).error).toBeUndefined();
  client.vanish();
  other.vanish();
}, 120_000);
