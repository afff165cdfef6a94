import { Opcode } from "../../support/raw/frame.ts";
import { sleep } from "../../support/wait.ts";
import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { exchange } from "./exchange.ts";
import { earlyMessages, rpcMessages } from "./rpc-messages.ts";

export const rpcDialectCases: Case[] = [];
const add = addTo(rpcDialectCases);

for (const [name, message] of rpcMessages) add(`rpc.${name}`, (t) => exchange(t, message));
for (const [name, message] of earlyMessages) {
  add(`rpc.before_initialize.${name}`, (t) => exchange(t, message, false));
}

/** The texts of the replies, byte for byte. */
async function replyTexts(t: CaseContext, messages: readonly string[]): Promise<string[]> {
  const client = await t.raw();
  await client.initialize();
  await sleep(20);
  client.frames.length = 0;
  for (const message of messages) client.sendText(message);
  const texts = () => client.frames.filter((frame) => frame.opcode === Opcode.text);
  await client.waitFor(() => texts().length >= messages.length);
  return texts().map((frame) => frame.payload.toString());
}

add("rpc.id_i64_max_echoed_exactly", (t) =>
  replyTexts(t, ['{"id":9223372036854775807,"method":"environment/status"}']),
);
add("rpc.id_i64_min_echoed_exactly", (t) =>
  replyTexts(t, ['{"id":-9223372036854775808,"method":"environment/status"}']),
);
add("rpc.id_over_2_to_53_echoed_exactly", (t) => replyTexts(t, ['{"id":9007199254740993,"method":"nope"}']));
add("rpc.reply_key_order_and_no_jsonrpc", (t) =>
  replyTexts(t, ['{"id":1,"method":"environment/status"}', '{"id":2,"method":"nope"}']),
);

for (const [name, values] of [
  ["262144_ok", 262144],
  ["262145_rejected", 262145],
] as const) {
  add(`rpc.json_value_budget_${name}`, (t) => {
    // Counted over the whole message: object, id, method, array and its numbers.
    const numbers = "1,".repeat(values - 5);
    return exchange(t, `{"id":1,"method":"environment/status","x":[${numbers}1]}`);
  });
}

add("rpc.ten_requests_pipelined_replies_in_order", async (t) => {
  const client = await t.client();
  client.inbound.length = 0;
  for (let id = 0; id < 10; id++) client.sendJson({ id, method: id % 2 ? "nope" : "environment/status" });
  await client.waitFor(() => client.inbound.length >= 10);
  return client.inbound.map((message) => message.id);
});
add("rpc.same_id_twice", async (t) => {
  const client = await t.client();
  client.inbound.length = 0;
  for (let i = 0; i < 2; i++) client.sendJson({ id: 7, method: "environment/status" });
  await client.waitFor(() => client.inbound.length >= 2);
  return client.inbound;
});
add("rpc.malformed_then_still_usable", async (t) => {
  const client = await t.client();
  for (let i = 0; i < 5; i++) client.sendText("{");
  const reply = await client.call("environment/status");
  await client.waitFor(() => client.orphans.length >= 5);
  return { status: reply.result, errors: client.orphans.map((orphan) => orphan.error?.code) };
});
