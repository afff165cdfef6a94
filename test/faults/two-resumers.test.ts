import { expect, test } from "bun:test";
import { startTestServer } from "../support/test-server.ts";
import { sleep } from "../support/wait.ts";
import { WireClient } from "../support/wire-client.ts";
import { startParams } from "./child.ts";

const resume = (client: WireClient, resumeSessionId: string) =>
  client.call("initialize", { clientName: "resumer", resumeSessionId });

test("of many clients that resume one session at once exactly one wins, the others get -32010", async () => {
  await using server = await startTestServer();
  const owner = await WireClient.open(server.url);
  await owner.request("process/start", startParams("p", ["/bin/sleep", "30"]));
  for (let round = 0; round < 20; round++) {
    const rivals = await Promise.all(
      Array.from({ length: 8 }, () => WireClient.open(server.url, { init: false })),
    );
    if (round === 0) owner.vanish();
    await sleep(20);
    const replies = await Promise.all(rivals.map((rival) => resume(rival, owner.sessionId)));
    const winners = replies.filter((reply) => reply.result?.sessionId === owner.sessionId);
    const losers = replies.filter((reply) => reply.error?.code === -32010);
    expect([winners.length, losers.length]).toEqual([1, 7]);
    for (const rival of rivals) rival.vanish();
    await sleep(20);
  }
}, 60_000);

test("an unknown, a forged and an expired session answer alike and tell nothing", async () => {
  await using server = await startTestServer({ flags: ["--session-ttl", "1"] });
  const owner = await WireClient.open(server.url);
  owner.vanish();
  await sleep(1800);
  const client = await WireClient.open(server.url, { init: false });
  const texts: unknown[] = [];
  for (const id of [owner.sessionId, crypto.randomUUID(), "x"]) {
    const reply = await resume(client, id);
    texts.push([reply.error?.code, reply.error?.message.replace(id, "ID")]);
  }
  for (const text of texts) expect(text).toEqual([-32600, "unknown session id ID"]);
  client.vanish();
}, 30_000);
