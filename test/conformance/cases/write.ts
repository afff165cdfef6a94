import { sleep } from "../../support/wait.ts";
import { toBase64, type WireClient } from "../../support/wire-client.ts";
import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { answer } from "./exchange.ts";
import { running, type StartMembers, shell, start, terminate } from "./process-run.ts";

export const writeCases: Case[] = [];
const add = addTo(writeCases);

let writes = 0;

function write(client: WireClient, text: string, members: Readonly<Record<string, unknown>> = {}) {
  return client.call("process/write", {
    processId: "p",
    chunk: toBase64(text),
    writeId: `w${++writes}`,
    ...members,
  });
}

const cat = (t: CaseContext, argv: readonly string[] = ["/bin/cat"], members: StartMembers = {}) =>
  running(t, argv, { pipeStdin: true, ...members });

add("write.echoes", async (t) => {
  const client = await cat(t);
  const r = answer(await write(client, "abc\n"));
  await client.waitFor(() => client.outputOf("p") === "abc\n", 5000).catch(() => {});
  const out = client.outputOf("p");
  await terminate(client);
  return { r, out };
});
add("write.same_write_id_written_once", async (t) => {
  const client = await cat(t);
  const a = answer(await write(client, "A\n", { writeId: "same" }));
  const b = answer(await write(client, "B\n", { writeId: "same" }));
  await write(client, "C\n");
  await client.waitFor(() => client.outputOf("p").includes("C"), 5000);
  const out = client.outputOf("p");
  await terminate(client);
  return { a, b, out };
});
add("write.write_ids_are_per_process", async (t) => {
  const client = await cat(t);
  await client.request("process/start", start("q", ["/bin/cat"], { pipeStdin: true }));
  await write(client, "A\n", { writeId: "z" });
  await write(client, "B\n", { writeId: "z", processId: "q" });
  await client
    .waitFor(() => client.outputOf("p") !== "" && client.outputOf("q") !== "", 5000)
    .catch(() => {});
  const outputs = [client.outputOf("p"), client.outputOf("q")];
  await terminate(client);
  await terminate(client, "q");
  return outputs;
});
add("write.write_id_cache_holds_4096", async (t) => {
  const client = await cat(t);
  for (let i = 0; i < 4097; i += 100) {
    const ids = Array.from({ length: Math.min(100, 4097 - i) }, (_, k) => `i${i + k}`);
    await Promise.all(ids.map((writeId) => write(client, "", { writeId })));
  }
  for (const writeId of ["i0", "i1", "i4096"]) await write(client, `${writeId};`, { writeId });
  await write(client, "END");
  await client.waitFor(() => client.outputOf("p").includes("END"), 5000);
  const out = client.outputOf("p");
  await terminate(client);
  return out;
});

const bad: readonly (readonly [name: string, members: Readonly<Record<string, unknown>>])[] = [
  ["missing_write_id", { writeId: undefined }],
  ["empty_write_id", { writeId: "" }],
  ["write_id_number", { writeId: 5 }],
  ["bad_base64", { chunk: "!!!" }],
  ["base64_no_padding", { chunk: "YQ" }],
  ["base64_urlsafe", { chunk: "_-8=" }],
  ["base64_trailing_newline", { chunk: "YQ==\n" }],
  ["base64_nonzero_trailing_bits", { chunk: "YR==" }],
  ["base64_extra_padding", { chunk: "YQ===" }],
  ["base64_inner_padding", { chunk: "YQ==YQ==" }],
  ["base64_length_1", { chunk: "Y" }],
  ["base64_only_padding", { chunk: "====" }],
  ["base64_space_inside", { chunk: "YQ ==" }],
  ["chunk_null", { chunk: null }],
  ["chunk_missing", { chunk: undefined }],
  ["chunk_empty", { chunk: "" }],
  ["unknown_process", { processId: "nope" }],
  ["unknown_process_empty_write_id", { processId: "nope", writeId: "" }],
];
for (const [name, members] of bad) {
  add(`write.${name}`, async (t) => {
    const client = await cat(t);
    const reply = answer(await write(client, "x", members));
    await terminate(client);
    return reply;
  });
}

add("write.to_process_without_pipe_stdin", async (t) => {
  const client = await cat(t, ["/bin/sleep", "3"], { pipeStdin: false });
  const reply = answer(await write(client, "x"));
  await terminate(client);
  return reply;
});
add("write.without_pipe_stdin_after_exit", async (t) => {
  const client = await cat(t, ["/bin/true"], { pipeStdin: false });
  await client.waitProcessClosed("p");
  return answer(await write(client, "x"));
});
add("write.after_exit_with_pipe_stdin", async (t) => {
  const client = await cat(t, ["/bin/true"]);
  await client.waitProcessClosed("p");
  await sleep(100);
  const first = answer(await write(client, "x"));
  await sleep(150);
  return { first, later: answer(await write(client, "x")) };
});
add("write.after_terminate", async (t) => {
  const client = await cat(t);
  await terminate(client);
  await client.waitProcessClosed("p");
  await sleep(150);
  return answer(await write(client, "x"));
});
add("write.no_way_to_close_stdin", async (t) => {
  const client = await cat(t, shell("cat; echo eof"));
  await write(client, "", { close: true, closeStdin: true, eof: true });
  await sleep(400);
  const sawEof = client.outputOf("p").includes("eof");
  await terminate(client);
  return { sawEof };
});
add("write.large_chunk_4MB", async (t) => {
  const client = await cat(t, shell("head -c 4000000 | sha256sum"));
  const r = answer(await write(client, "y".repeat(4000000)));
  await client.waitProcessClosed("p", 15000);
  return { r, out: client.outputOf("p") };
});
add("write.stays_in_order", async (t) => {
  const client = await cat(t);
  for (let i = 0; i < 200; i++) void write(client, `${i}\n`);
  await client.waitFor(() => client.outputOf("p").includes("199\n"), 10000);
  const got = client.outputOf("p").trim().split("\n").map(Number);
  await terminate(client);
  return got.length === 200 && got.every((value, i) => value === i);
});
add("write.blocks_connection_when_child_does_not_read", async (t) => {
  const client = await cat(t, ["/bin/sleep", "20"]);
  const text = "x".repeat(65536);
  let accepted = 0;
  let blocked = false;
  for (let i = 0; i < 300 && !blocked; i++) {
    const sent = client.call(
      "process/write",
      { processId: "p", chunk: toBase64(text), writeId: `b${i}` },
      { timeoutMs: 1500 },
    );
    blocked = await sent.then(
      () => false,
      () => true,
    );
    if (!blocked) accepted++;
  }
  const answered = (reply: Promise<unknown>) =>
    reply.then(
      () => "answered",
      () => "no answer",
    );
  const status = await answered(client.call("environment/status", undefined, { timeoutMs: 1000 }));
  const term = await answered(client.call("process/terminate", { processId: "p" }, { timeoutMs: 1000 }));
  return { blocked, acceptedBetween100And150: accepted >= 100 && accepted <= 150, status, term };
});
