import { lstatSync, statSync, writeFileSync } from "node:fs";
import { toBase64 } from "../../support/wire-client.ts";
import type { WireError } from "../../support/wire-message.ts";
import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { answer, ask } from "./exchange.ts";
import { contentOf, makeTree, modeOf } from "./fs-tree.ts";

export const fsBlockCases: Case[] = [];
const add = addTo(fsBlockCases);

type Members = Readonly<Record<string, unknown>>;
/** A method with params; or a method and the text of its whole params, for integers that JSON.stringify cannot write. */
type Step = readonly [method: string, params: Members | string];

const open = (t: CaseContext, name: string, members: Members = {}): Step => [
  "fs/open",
  { handleId: "h", path: t.uri(name), ...members },
];
const replace = (t: CaseContext, name: string): Step => open(t, name, { mode: "replace" });
const readBlock = (offset: number, len: number, handleId = "h"): Step => [
  "fs/readBlock",
  { handleId, offset, len },
];
const writeBlock = (offset: number, text: string, handleId = "h"): Step => [
  "fs/writeBlock",
  { handleId, offset, chunk: toBase64(text) },
];
const close = (handleId = "h"): Step => ["fs/close", { handleId }];

/** Requests one after another on one connection, on the tree and a file `blk` of ten digits. */
function steps(
  name: string,
  list: (t: CaseContext) => readonly Step[],
  after?: (t: CaseContext) => unknown,
): void {
  add(name, async (t) => {
    makeTree(t);
    writeFileSync(t.path("blk"), "0123456789");
    const client = await t.client();
    const answers: unknown[] = [];
    for (const [method, params] of list(t)) {
      if (typeof params === "string") {
        const text = `{"id":9001,"method":"${method}","params":${params}}`;
        answers.push([method, answer(await client.awaitReply(9001, () => client.sendText(text)))]);
      } else {
        answers.push([method, await ask(client, method, params)]);
      }
    }
    return after ? { steps: answers, after: after(t) } : answers;
  });
}

steps("fs.block.read_offsets_and_eof", (t) => [
  open(t, "blk"),
  readBlock(0, 4),
  readBlock(8, 4),
  readBlock(6, 4),
  readBlock(10, 4),
  readBlock(100, 4),
  readBlock(0, 10),
  readBlock(0, 11),
  close(),
  close(),
  readBlock(0, 1),
]);
steps("fs.block.read_length_limits", (t) => [
  open(t, "blk"),
  readBlock(0, 0),
  readBlock(0, 1048576),
  readBlock(0, 1048577),
  readBlock(0, 1),
]);
steps("fs.block.read_negative", (t) => [open(t, "blk"), readBlock(-1, 1), readBlock(0, -1), readBlock(0, 1)]);
steps("fs.block.read_huge_offset_closes_handle", (t) => [
  open(t, "blk"),
  ["fs/readBlock", '{"handleId":"h","offset":18446744073709551615,"len":4}'],
  readBlock(0, 1),
]);
steps("fs.block.open_duplicate_handle", (t) => [open(t, "blk"), open(t, "a.txt"), readBlock(0, 3)]);
steps("fs.block.open_errors", (t) => [
  ...["nope", "d", "fifo", "dangling", "loop", "ln"].map((name) => open(t, name)),
  readBlock(0, 2),
]);
steps("fs.block.handle_id_limits", (t) => [
  open(t, "blk", { handleId: "x".repeat(32) }),
  open(t, "blk", { handleId: "x".repeat(33) }),
  readBlock(0, 1, "x".repeat(33)),
  close("x".repeat(33)),
  open(t, "blk", { handleId: "" }),
  readBlock(0, 1, ""),
  open(t, "blk", { handleId: "é".repeat(16) }),
  open(t, "blk", { handleId: "é".repeat(17) }),
]);
steps("fs.block.modes", (t) => [
  open(t, "blk", { mode: "read" }),
  open(t, "blk", { handleId: "i", mode: "append" }),
  open(t, "blk", { handleId: "j", mode: null }),
  open(t, "blk", { handleId: "k", mode: "write" }),
  open(t, "blk", { handleId: "l", mode: "Replace" }),
]);
steps("fs.block.close_unknown", () => [close("nope")]);
steps(
  "fs.block.replace_new_and_write",
  (t) => [replace(t, "wr"), writeBlock(0, "hello"), writeBlock(10, "X"), writeBlock(2, "LL"), close()],
  (t) => [contentOf(t, "wr"), modeOf(t, "wr")],
);
steps(
  "fs.block.replace_truncates_existing_at_open",
  (t) => [replace(t, "blk")],
  (t) => contentOf(t, "blk"),
);
steps(
  "fs.block.replace_through_symlink",
  (t) => [replace(t, "ln"), writeBlock(0, "via")],
  (t) => [contentOf(t, "a.txt"), lstatSync(t.path("ln")).isSymbolicLink()],
);
steps("fs.block.replace_errors", (t) => [
  replace(t, "d"),
  replace(t, "q/r"),
  ["fs/open", { handleId: "n", path: "file:///dev/null", mode: "replace" }],
  open(t, "fifo", { mode: "read" }),
]);
steps(
  "fs.block.write_length_limits",
  (t) => [
    replace(t, "wr"),
    writeBlock(0, ""),
    writeBlock(0, "z".repeat(1048576)),
    writeBlock(0, "z".repeat(1048577)),
    writeBlock(0, "J"),
  ],
  (t) => statSync(t.path("wr")).size,
);
steps("fs.block.write_bad_params", (t) => [
  replace(t, "wr"),
  ["fs/writeBlock", { handleId: "h", offset: 0, chunk: "!" }],
  ["fs/writeBlock", { handleId: "h", offset: -1, chunk: "YQ==" }],
  ["fs/writeBlock", { handleId: "h", chunk: "YQ==" }],
  ["fs/writeBlock", '{"handleId":"h","offset":9223372036854775807,"chunk":"YQ=="}'],
  writeBlock(0, "J"),
]);
steps("fs.block.write_unknown_handle", () => [writeBlock(0, "J", "nope")]);
steps("fs.block.read_on_write_handle_closes_it", (t) => [
  replace(t, "wr"),
  writeBlock(0, "abc"),
  readBlock(0, 2),
  writeBlock(0, "J"),
]);
steps("fs.block.write_on_read_handle", (t) => [open(t, "blk"), writeBlock(0, "J"), readBlock(0, 1)]);
steps("fs.block.sees_later_changes", (t) => [
  open(t, "blk"),
  readBlock(0, 3),
  ["fs/writeFile", { path: t.uri("blk"), dataBase64: toBase64("zz") }],
  readBlock(0, 3),
  ["fs/remove", { path: t.uri("blk") }],
  readBlock(0, 3),
]);
add("fs.block.128_handles_per_connection", async (t) => {
  writeFileSync(t.path("b"), "x");
  const client = await t.client();
  let opened = 0;
  let refusal: WireError | undefined;
  for (let i = 0; i < 130 && !refusal; i++) {
    const reply = await client.call("fs/open", { handleId: `h${i}`, path: t.uri("b") });
    refusal = reply.error;
    if (!refusal) opened++;
  }
  await client.call("fs/close", { handleId: "h0" });
  const again = await ask(client, "fs/open", { handleId: "z", path: t.uri("b") });
  const other = await t.client();
  const otherConnection = await ask(other, "fs/readBlock", { handleId: "h1", offset: 0, len: 1 });
  return { ok: opened, err: refusal, again, otherConnection };
});
