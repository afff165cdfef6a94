import { execSync } from "node:child_process";
import { statSync, utimesSync, writeFileSync } from "node:fs";
import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { answer } from "./exchange.ts";
import { addTreeCase, look, makeTree } from "./fs-tree.ts";

export const fsDirectoryCases: Case[] = [];
const add = addTo(fsDirectoryCases);

type Members = Readonly<Record<string, unknown>>;
const noFollow: Members = { followSymlinks: false };

const created: readonly (readonly [name: string, path: string, members?: Members])[] = [
  ["new", "nd"],
  ["nested_default_recursive", "nd/1/2"],
  ["exists_default", "d"],
  ["exists_nonrecursive", "d", { recursive: false }],
  ["nested_nonrecursive", "q/1", { recursive: false }],
  ["new_nonrecursive", "q", { recursive: false }],
  ["over_file", "a.txt"],
  ["under_file", "a.txt/x"],
  ["recursive_null", "q/1", { recursive: null }],
  ["over_symlink_to_dir", "lnd"],
  ["through_symlink", "lnd/n"],
  ["over_dangling_symlink", "dangling"],
  ["nofollow_nested", "n/a/b", noFollow],
  ["nofollow_exists", "d", noFollow],
  ["nofollow_exists_nonrecursive", "d", { ...noFollow, recursive: false }],
  ["nofollow_through_symlink", "lnd/n", noFollow],
  ["nofollow_over_file", "a.txt", noFollow],
];
for (const [name, path, members] of created) {
  addTreeCase(add, {
    name: `fs.createDirectory.${name}`,
    method: "fs/createDirectory",
    params: (t) => ({ path: t.uri(path), ...members }),
    after: (t) => look(() => statSync(t.path(path)).isDirectory()),
  });
}
addTreeCase(add, {
  name: "fs.createDirectory.eperm",
  method: "fs/createDirectory",
  params: () => ({ path: "file:///sys/zz" }),
});

const getMetadata = "fs/getMetadata";
for (const path of ["a.txt", "d", "ln", "lnd", "loop", "dangling", "nope", "fifo", "a.txt/x"]) {
  const name = path.replace("/", "_");
  addTreeCase(add, {
    name: `fs.getMetadata.${name}`,
    method: getMetadata,
    params: (t) => ({ path: t.uri(path) }),
  });
  addTreeCase(add, {
    name: `fs.getMetadata.nofollow.${name}`,
    method: getMetadata,
    params: (t) => ({ path: t.uri(path), ...noFollow }),
  });
}
addTreeCase(add, {
  name: "fs.getMetadata.dev_null",
  method: getMetadata,
  params: () => ({ path: "file:///dev/null" }),
});
addTreeCase(add, {
  name: "fs.getMetadata.nofollow.symlinked_parent",
  method: getMetadata,
  params: (t) => ({ path: t.uri("lnd/x"), ...noFollow }),
});
addTreeCase(add, { name: "fs.getMetadata.root", method: getMetadata, params: () => ({ path: "file:///" }) });
add("fs.getMetadata.modified_is_mtime_ms", async (t) => {
  writeFileSync(t.path("m"), "");
  utimesSync(t.path("m"), 1600000000.123, 1500000000.456);
  const result = await (await t.client()).request(getMetadata, { path: t.uri("m") });
  return String(result.modifiedAtMs);
});

for (const path of ["a.txt", "ln", "lnd/x", "d/up", "nope", "d/", "dangling", "loop", "a.txt/x"]) {
  const name = `fs.canonicalize.${path.replaceAll("/", "_")}`;
  addTreeCase(add, { name, method: "fs/canonicalize", params: (t) => ({ path: t.uri(path) }) });
}

/** A listing in an order that does not depend on the disk. */
async function listing(t: CaseContext, path: string) {
  makeTree(t);
  const reply = await (await t.client()).call("fs/readDirectory", { path: t.uri(path) });
  reply.result?.entries.sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
  return answer(reply);
}
add("fs.readDirectory.ok", (t) => listing(t, ""));
for (const path of ["empty", "a.txt", "nope", "lnd", "dangling", "fifo"]) {
  add(`fs.readDirectory.${path}`, (t) => listing(t, path));
}
add("fs.readDirectory.limit_50000", async (t) => {
  execSync("seq 50000 | xargs touch", { cwd: t.directory });
  const client = await t.client();
  const at50000 = await client.call("fs/readDirectory", { path: t.uri("") });
  writeFileSync(t.path("50001"), "");
  const at50001 = await client.call("fs/readDirectory", { path: t.uri("") });
  return {
    at50000: at50000.error ?? at50000.result?.entries.length,
    at50001: at50001.error ?? at50001.result?.entries.length,
  };
});
