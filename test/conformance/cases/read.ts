import { sleep } from "../../support/wait.ts";
import type { WireClient } from "../../support/wire-client.ts";
import type { WireResult } from "../../support/wire-message.ts";
import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { answer, ask, askOnce } from "./exchange.ts";
import { running, shell, start, terminate } from "./process-run.ts";

export const readCases: Case[] = [];
const add = addTo(readCases);

/** A closed process with five chunks of ten bytes: seq 1 to 5, exited 6, closed 7. */
async function fiveChunks(t: CaseContext): Promise<WireClient> {
  const client = await running(t, shell("for i in 1 2 3 4 5; do printf aaaaaaaaaa; sleep 0.1; done"));
  await client.waitProcessClosed("p");
  return client;
}

function seqs({ chunks, nextSeq, exited, exitCode, closed }: WireResult) {
  return { seqs: chunks.map((item) => item.seq), nextSeq, exited, exitCode, closed };
}

const windows: readonly (readonly [name: string, members: Readonly<Record<string, unknown>>])[] = [
  ["default", {}],
  ["nulls", { afterSeq: null, maxBytes: null, waitMs: null }],
  ["after_0", { afterSeq: 0 }],
  ["after_2", { afterSeq: 2 }],
  ["after_last_output", { afterSeq: 5 }],
  ["after_exited", { afterSeq: 6 }],
  ["after_closed", { afterSeq: 7 }],
  ["after_beyond", { afterSeq: 100 }],
  ["max_0", { maxBytes: 0 }],
  ["max_1", { maxBytes: 1 }],
  ["max_10", { maxBytes: 10 }],
  ["max_15", { maxBytes: 15 }],
  ["max_20", { maxBytes: 20 }],
  ["max_25_after_1", { maxBytes: 25, afterSeq: 1 }],
  ["max_50_exact_total", { maxBytes: 50 }],
  ["max_1000", { maxBytes: 1000 }],
  ["after_5_max_10", { afterSeq: 5, maxBytes: 10 }],
  ["after_negative", { afterSeq: -1 }],
  ["after_float", { afterSeq: 1.5 }],
  ["after_string", { afterSeq: "1" }],
  ["max_negative", { maxBytes: -1 }],
  ["wait_negative", { waitMs: -5 }],
  ["wait_on_closed_returns_at_once", { afterSeq: 100, waitMs: 5000 }],
];
for (const [name, members] of windows) {
  add(`read.${name}`, async (t) => {
    const client = await fiveChunks(t);
    const begun = performance.now();
    const reply = await client.call("process/read", { processId: "p", ...members });
    const quick = performance.now() - begun < 2000;
    return reply.result ? { ...seqs(reply.result), quick } : answer(reply);
  });
}

const written: readonly (readonly [name: string, params: string])[] = [
  ["u64_max", '"afterSeq":18446744073709551615,"maxBytes":18446744073709551615,"waitMs":1'],
  ["u64_overflow", '"afterSeq":18446744073709551616'],
  ["literal_1_0", '"afterSeq":1.0'],
  ["literal_1e0", '"afterSeq":1e0'],
];
for (const [name, params] of written) {
  add(`read.${name}`, async (t) => {
    const client = await fiveChunks(t);
    const text = `{"id":777,"method":"process/read","params":{"processId":"p",${params}}}`;
    const reply = await client.awaitReply(777, () => client.sendText(text), 4000);
    if (!reply.result) return answer(reply);
    return { seqs: reply.result.chunks.map((item) => item.seq), nextSeq: reply.result.nextSeq };
  });
}

add("read.full_shape", async (t) => {
  const client = await running(t, shell("echo out; sleep 0.1; echo err >&2; sleep 0.1; exit 3"));
  await client.waitProcessClosed("p");
  return client.call("process/read", { processId: "p" });
});
add("read.tty_stream_name", async (t) => {
  const client = await running(t, shell("printf x"), { tty: true });
  await client.waitProcessClosed("p");
  const read = await client.request("process/read", { processId: "p" });
  return read.chunks.map((item) => item.stream);
});
add("read.unknown", (t) => askOnce(t, "process/read", { processId: "nope" }));
add("read.running_no_output_no_wait", async (t) => {
  const client = await running(t, ["/bin/sleep", "3"]);
  const reply = await ask(client, "process/read", { processId: "p" });
  await terminate(client);
  return reply;
});
add("read.wait_times_out_empty", async (t) => {
  const client = await running(t, ["/bin/sleep", "5"]);
  const begun = performance.now();
  const result = await client.request("process/read", { processId: "p", waitMs: 400 });
  const tookMs = performance.now() - begun;
  await terminate(client);
  return { r: result, waitedFully: tookMs > 380 && tookMs < 2000 };
});
add("read.wait_wakes_on_output_then_exit", async (t) => {
  const client = await running(t, shell("sleep 0.3; echo one; sleep 0.3; exit 4"));
  const steps: unknown[] = [];
  let afterSeq = 0;
  for (let i = 0; i < 3; i++) {
    const read = await client.request("process/read", { processId: "p", afterSeq, waitMs: 4000 });
    steps.push([read.chunks.map((item) => item.seq), read.exited, read.exitCode]);
    afterSeq = read.nextSeq - 1;
    if (read.exited) break;
  }
  return steps;
});
add("read.wait_wakes_on_closed_after_exited", async (t) => {
  const client = await running(t, shell("sleep 0.6 & exit 0"));
  await client.waitExited("p");
  const begun = performance.now();
  const read = await client.request("process/read", { processId: "p", afterSeq: 1, waitMs: 4000 });
  const { closed, exited, nextSeq } = read;
  return { closed, exited, nextSeq, wokeUnder2s: performance.now() - begun < 2000 };
});
add("read.inline_long_poll_blocks_other_requests", async (t) => {
  const client = await running(t, ["/bin/sleep", "5"]);
  const begun = performance.now();
  const poll = client.call("process/read", { processId: "p", waitMs: 700 });
  await sleep(20);
  await client.call("environment/status");
  const tookMs = performance.now() - begun;
  await poll;
  await terminate(client);
  return { statusHeldUntilPollEnds: tookMs > 650 };
});
add("read.long_poll_does_not_block_notifications", async (t) => {
  const client = await t.client();
  await client.request("process/start", start("a", ["/bin/sleep", "5"]));
  await client.request("process/start", start("b", shell("sleep 0.2; echo x")));
  let polling = true;
  const poll = client.call("process/read", { processId: "a", waitMs: 900 }).then(() => {
    polling = false;
  });
  await client.waitProcessClosed("b");
  const notifiedDuringPoll = polling;
  await poll;
  await terminate(client, "a");
  return { notifiedDuringPoll };
});
