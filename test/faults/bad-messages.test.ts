import { expect, test } from "bun:test";
import { startTestServer } from "../support/test-server.ts";
import { until } from "../support/wait.ts";
import { WireClient } from "../support/wire-client.ts";
import { long, seed, seededRandom } from "./seeded-random.ts";

const rounds = long ? 200_000 : 4000;

/** Requests whose every byte may be changed without harm to this machine. */
const seeds: readonly string[] = [
  '{"id":1,"method":"environment/status"}',
  '{"id":2,"method":"process/read","params":{"processId":"nope","afterSeq":0,"maxBytes":10,"waitMs":0}}',
  '{"id":3,"method":"process/write","params":{"processId":"nope","chunk":"YQ==","writeId":"w"}}',
  '{"id":4,"method":"fs/getMetadata","params":{"path":"file:///etc/hostname","followSymlinks":false}}',
  '{"id":9223372036854775807,"method":"process/signal","params":["nope","interrupt"]}',
  '{"id":"text","method":"environment/info","trace":{"traceparent":"x"}}',
];
const tokens = [
  "{",
  "}",
  "[",
  "]",
  '"',
  ",",
  ":",
  "\\u0000",
  "\\ud800",
  "1e400",
  "-0",
  "null",
  "é",
  "__proto__",
  '{"a":',
  "99999999999999999999",
];

function mutate(text: string, random: () => number): string {
  let result = text;
  for (let i = 0; i <= random() * 3; i++) {
    const at = Math.floor(random() * result.length);
    const cut = Math.floor(random() * 4);
    const token = random() < 0.3 ? "" : (tokens[Math.floor(random() * tokens.length)] ?? "");
    result = result.slice(0, at) + token + result.slice(at + cut);
  }
  return result;
}

/** Messages that end the link by the protocol: notifications that are not `initialized`, and responses. */
const endsLink = (reason: string) => /1002/.test(reason);

test(`${rounds} mutated messages get errors or answers, never silence, and the server lives`, async () => {
  await using server = await startTestServer();
  const random = seededRandom(seed);
  let client = await WireClient.open(server.url);
  let dropped = 0;
  for (let i = 0; i < rounds; i++) {
    const text = mutate(seeds[i % seeds.length] ?? "", random);
    client.inbound.length = 0;
    client.sendText(text);
    const fence = await client
      .call("environment/status", undefined, { id: `fence ${i}` })
      .catch(() => undefined);
    if (fence?.result) {
      // Requests do not wait for one another: a fence can be answered before something that takes a while.
      const answered = await until(() => client.inbound.length > 1, 5_000);
      expect(answered, `seed ${seed}: no reply to ${text}`).toBe(true);
      continue;
    }
    expect(
      endsLink(`${client.closed?.code}`),
      `seed ${seed}: ${text} ended the link with ${JSON.stringify(client.closed)}`,
    ).toBe(true);
    dropped++;
    client.vanish();
    client = await WireClient.open(server.url);
  }
  expect(dropped).toBeLessThan(rounds / 10);
  client.vanish();
}, 120_000);
