import { chmodSync, linkSync, lstatSync, truncateSync, writeFileSync } from "node:fs";
import { toBase64 } from "../../support/wire-client.ts";
import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { askOnce } from "./exchange.ts";
import { addTreeCase, contentOf, modeOf } from "./fs-tree.ts";

export const fsReadWriteCases: Case[] = [];
const add = addTo(fsReadWriteCases);

type Members = Readonly<Record<string, unknown>>;
const noFollow: Members = { followSymlinks: false };

const reads: readonly (readonly [name: string, path: string, members?: Members])[] = [
  ["ok", "a.txt"],
  ["missing", "nope"],
  ["directory", "d"],
  ["symlink", "ln"],
  ["dangling", "dangling"],
  ["symlink_loop", "loop"],
  ["parent_is_file", "a.txt/b"],
  ["fifo", "fifo"],
  ["name_too_long", "x".repeat(300)],
  ["nofollow_ok", "a.txt", noFollow],
  ["nofollow_symlink", "ln", noFollow],
  ["nofollow_symlinked_parent", "lnd/x", noFollow],
  ["nofollow_missing", "nope", noFollow],
  ["nofollow_directory", "d", noFollow],
  ["nofollow_null", "ln", { followSymlinks: null }],
  ["unknown_fields_ignored", "a.txt", { maxBytes: 2, offset: 1 }],
  ["sandbox_null", "a.txt", { sandbox: null }],
  ["sandbox_empty", "a.txt", { sandbox: {} }],
];
const readFile = "fs/readFile";
for (const [name, path, members] of reads) {
  addTreeCase(add, {
    name: `fs.readFile.${name}`,
    method: readFile,
    params: (t) => ({ path: t.uri(path), ...members }),
  });
}
for (const path of ["/dev/null", "/dev/zero", "/proc/self/mem"]) {
  const name = `fs.readFile.special${path.replaceAll("/", ".")}`;
  addTreeCase(add, { name, method: readFile, params: () => ({ path: `file://${path}` }) });
}
addTreeCase(add, { name: "fs.readFile.missing_param", method: readFile, params: () => ({}) });
addTreeCase(add, {
  name: "fs.readFile.empty_file",
  method: readFile,
  params: (t) => {
    writeFileSync(t.path("e"), "");
    return { path: t.uri("e") };
  },
});
addTreeCase(add, {
  name: "fs.readFile.proc_file_size_0",
  method: readFile,
  params: () => ({ path: "file:///proc/sys/kernel/ostype" }),
});
add("fs.readFile.binary_roundtrip", async (t) => {
  const bytes = Buffer.from(Array.from({ length: 70000 }, (_, i) => (i * 7) & 255));
  writeFileSync(t.path("b"), bytes);
  const client = await t.client();
  const { dataBase64 } = await client.request(readFile, { path: t.uri("b") });
  return Buffer.from(dataBase64, "base64").equals(bytes);
});
add("fs.readFile.over_512MiB", (t) => {
  writeFileSync(t.path("big"), "");
  truncateSync(t.path("big"), 512 * 1048576 + 1);
  return askOnce(t, readFile, { path: t.uri("big") });
});

const writeFile = "fs/writeFile";
const write = (t: CaseContext, path: string, text: string) => ({
  path: t.uri(path),
  dataBase64: toBase64(text),
});

addTreeCase(add, {
  name: "fs.writeFile.new",
  method: writeFile,
  params: (t) => write(t, "w", "data"),
  after: (t) => [contentOf(t, "w"), modeOf(t, "w")],
});
addTreeCase(add, {
  name: "fs.writeFile.overwrite_truncates",
  method: writeFile,
  params: (t) => write(t, "a.txt", "z"),
  after: (t) => contentOf(t, "a.txt"),
});
addTreeCase(add, {
  name: "fs.writeFile.keeps_mode",
  method: writeFile,
  params: (t) => {
    chmodSync(t.path("a.txt"), 0o600);
    return write(t, "a.txt", "z");
  },
  after: (t) => modeOf(t, "a.txt"),
});
addTreeCase(add, {
  name: "fs.writeFile.empty",
  method: writeFile,
  params: (t) => write(t, "w", ""),
  after: (t) => contentOf(t, "w"),
});
addTreeCase(add, {
  name: "fs.writeFile.through_symlink",
  method: writeFile,
  params: (t) => write(t, "ln", "via"),
  after: (t) => [contentOf(t, "a.txt"), lstatSync(t.path("ln")).isSymbolicLink()],
});
addTreeCase(add, {
  name: "fs.writeFile.dangling_symlink_creates_target",
  method: writeFile,
  params: (t) => write(t, "dangling", "mk"),
  after: (t) => contentOf(t, "missing"),
});
addTreeCase(add, {
  name: "fs.writeFile.hard_link_kept",
  method: writeFile,
  params: (t) => {
    linkSync(t.path("a.txt"), t.path("hl"));
    return write(t, "a.txt", "new");
  },
  after: (t) => contentOf(t, "hl"),
});

const writes: readonly (readonly [name: string, path: string, members: Members])[] = [
  ["bad_base64", "w", { dataBase64: "!!" }],
  ["base64_no_padding", "w", { dataBase64: "YQ" }],
  ["base64_newline", "w", { dataBase64: "YQ==\n" }],
  ["base64_trailing_bits", "w", { dataBase64: "YR==" }],
  ["missing_data", "w", {}],
  ["data_null", "w", { dataBase64: null }],
  ["parent_missing", "no/such/w", { dataBase64: "" }],
  ["to_directory", "d", { dataBase64: "" }],
  ["parent_is_file", "a.txt/w", { dataBase64: "" }],
  ["dev_full", "/dev/full", { dataBase64: toBase64("x") }],
  ["eacces", "/sys/kernel/uevent_seqnum", { dataBase64: toBase64("x") }],
  ["symlink_loop", "loop", { dataBase64: "" }],
  ["nofollow_symlink", "ln", { dataBase64: "", ...noFollow }],
  ["nofollow_new", "nf", { dataBase64: toBase64("v"), ...noFollow }],
  ["nofollow_existing", "a.txt", { dataBase64: toBase64("v"), ...noFollow }],
  ["nofollow_symlinked_parent", "lnd/nf", { dataBase64: "", ...noFollow }],
  ["nofollow_parent_missing", "zz/nf", { dataBase64: "", ...noFollow }],
  ["nofollow_directory", "d", { dataBase64: "", ...noFollow }],
  ["nofollow_dangling", "dangling", { dataBase64: "", ...noFollow }],
];
for (const [name, path, members] of writes) {
  const uri = (t: CaseContext) => (path.startsWith("/") ? `file://${path}` : t.uri(path));
  addTreeCase(add, {
    name: `fs.writeFile.${name}`,
    method: writeFile,
    params: (t) => ({ path: uri(t), ...members }),
  });
}
