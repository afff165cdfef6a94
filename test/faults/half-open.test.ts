import { expect, test } from "bun:test";
import { isAlive } from "../support/process-state.ts";
import { startTestServer } from "../support/test-server.ts";
import { sleep } from "../support/wait.ts";
import { WireClient } from "../support/wire-client.ts";
import { shell } from "./child.ts";
import { startAndRead } from "./open-process.ts";
import { startSilentProxy } from "./silent-proxy.ts";

/** Tries to resume until the server lets go of the old link; the seconds that took. */
async function secondsUntilResumed(url: string, sessionId: string, limitMs: number): Promise<number> {
  const begun = performance.now();
  while (performance.now() - begun < limitMs) {
    const client = await WireClient.open(url, { init: false });
    const reply = await client.call("initialize", { clientName: "second", resumeSessionId: sessionId });
    client.vanish();
    if (reply.result) return (performance.now() - begun) / 1000;
    expect(reply.error?.code).toBe(-32010);
    await sleep(200);
  }
  return Number.POSITIVE_INFINITY;
}

test("a peer that vanished without a word is noticed within 20 s, its session resumes and its child lives", async () => {
  await using server = await startTestServer();
  await using proxy = await startSilentProxy(server.url);
  const client = await WireClient.open(proxy.url);
  const [pid = ""] = await startAndRead(client, "p", shell("echo $$; exec sleep 100"));
  proxy.goSilent();
  const seconds = await secondsUntilResumed(server.url, client.sessionId, 30_000);
  expect(seconds).toBeLessThan(20.5);
  expect(isAlive(pid)).toBe(true);
  client.vanish();
}, 60_000);

test("an idle peer that answers pings is never dropped", async () => {
  await using server = await startTestServer();
  const client = await WireClient.open(server.url);
  await sleep(22_000);
  expect(client.closed).toBeUndefined();
  expect((await client.call("environment/status")).result?.status).toBe("ready");
  client.vanish();
}, 40_000);
