import { execSync } from "node:child_process";
import { addTo, type Case } from "../case.ts";
import { addTreeCase } from "./fs-tree.ts";

export const fsWalkCases: Case[] = [];
const add = addTo(fsWalkCases);

type Options = Readonly<Record<string, unknown>>;

export const walkOptions = (members: Options = {}): Options => ({
  maxDepth: 10,
  maxDirectories: 100,
  maxEntries: 100,
  followDirectorySymlinks: false,
  pruneHiddenDirectories: false,
  ...members,
});

const walks: readonly (readonly [name: string, path: string, options: Options | null])[] = [
  ["all", "", walkOptions()],
  ["subdir", "d", walkOptions()],
  ["follow", "d", walkOptions({ followDirectorySymlinks: true })],
  ["prune_hidden", "d", walkOptions({ pruneHiddenDirectories: true })],
  ["depth_0", "", walkOptions({ maxDepth: 0 })],
  ["depth_1", "", walkOptions({ maxDepth: 1 })],
  ["entries_3", "", walkOptions({ maxEntries: 3 })],
  ["entries_1", "d", walkOptions({ maxEntries: 1 })],
  ["directories_1", "", walkOptions({ maxDirectories: 1 })],
  ["directories_2", "", walkOptions({ maxDirectories: 2 })],
  ["directories_0", "", walkOptions({ maxDirectories: 0 })],
  ["entries_0", "", walkOptions({ maxEntries: 0 })],
  ["limits_at_max", "d", walkOptions({ maxEntries: 50000, maxDepth: 64, maxDirectories: 10000 })],
  ["entries_over_max", "d", walkOptions({ maxEntries: 50001 })],
  ["depth_over_max", "d", walkOptions({ maxDepth: 65 })],
  ["directories_over_max", "d", walkOptions({ maxDirectories: 10001 })],
  ["root_is_file", "a.txt", walkOptions()],
  ["root_missing", "nope", walkOptions()],
  ["root_symlink", "lnd", walkOptions()],
  ["root_symlink_follow", "lnd", walkOptions({ followDirectorySymlinks: true })],
  ["root_dangling", "dangling", walkOptions()],
  ["options_empty", "d", {}],
  ["options_no_follow_field", "d", { maxDepth: 1, maxDirectories: 9, maxEntries: 9 }],
  [
    "options_prune_defaults_false",
    "d",
    { maxDepth: 9, maxDirectories: 9, maxEntries: 99, followDirectorySymlinks: false },
  ],
  ["depth_negative", "d", walkOptions({ maxDepth: -1 })],
  ["options_null", "d", null],
];
for (const [name, path, options] of walks) {
  addTreeCase(add, {
    name: `fs.walk.${name}`,
    method: "fs/walk",
    params: (t) => ({ path: t.uri(path), options }),
  });
}
addTreeCase(add, {
  name: "fs.walk.options_missing",
  method: "fs/walk",
  params: (t) => ({ path: t.uri("d") }),
});
add("fs.walk.response_budget_4MiB", async (t) => {
  // The budget counts the length of the URIs, so the directory's own name must be as long on every machine.
  const padding = "w".repeat(100 - (t.directory.length % 100));
  const directory = t.path(padding);
  execSync(`mkdir ${directory} && cd ${directory} && seq -f 'n%0200.0f' 16000 | xargs touch`);
  const client = await t.client();
  const result = await client.request("fs/walk", {
    path: t.uri(padding),
    options: walkOptions({ maxEntries: 50000 }),
  });
  const perEntry = (result.entries[0]?.path.length ?? 0) + 64;
  const total = result.entries.length * perEntry;
  return {
    truncated: result.truncated,
    fitsIn4MiB: total <= 4194304,
    oneMoreWouldNot: total + perEntry > 4194304,
  };
});
