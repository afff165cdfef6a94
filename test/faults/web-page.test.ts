import { expect, test } from "bun:test";
import { startTestServer } from "../support/test-server.ts";
import { WireClient } from "../support/wire-client.ts";

async function statusFor(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const client = await WireClient.open(url, { manual: true, init: false, headers });
  client.vanish();
  return client.socket.status;
}

test("a page in a browser gets no link: its Origin is refused whatever it says, and so is a rebound name", async () => {
  await using server = await startTestServer();
  for (const origin of [
    "https://evil.example",
    "http://127.0.0.1",
    "null",
    server.url.replace("ws", "http"),
  ]) {
    expect(await statusFor(server.url, { Origin: origin })).toBe(403);
  }
  expect(await statusFor(server.url, { Host: "rebound.example" })).toBe(403);
  expect(await statusFor(server.url, { Host: `localhost:${new URL(server.url).port}` })).toBe(101);
  expect(await statusFor(server.url, {})).toBe(101);
}, 30_000);

test("a name given with --allow-host is let in, and only that one", async () => {
  await using server = await startTestServer({ flags: ["--allow-host", "devbox.example"] });
  expect(await statusFor(server.url, { Host: "devbox.example" })).toBe(101);
  expect(await statusFor(server.url, { Host: "x.devbox.example" })).toBe(403);
  expect(await statusFor(server.url, { Host: "devbox.example", Origin: "http://devbox.example" })).toBe(403);
}, 30_000);
