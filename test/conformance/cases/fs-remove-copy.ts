import { chmodSync, cpSync, existsSync, lstatSync, readlinkSync } from "node:fs";
import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { addTreeCase, contentOf, modeOf, namesBelow } from "./fs-tree.ts";

export const fsRemoveCopyCases: Case[] = [];
const add = addTo(fsRemoveCopyCases);

type Members = Readonly<Record<string, unknown>>;
const noFollow: Members = { followSymlinks: false };
const onlyThis: Members = { ...noFollow, recursive: false };

const removals: readonly (readonly [name: string, path: string, members?: Members])[] = [
  ["file", "a.txt"],
  ["missing_default_force", "nope"],
  ["missing_no_force", "nope", { force: false }],
  ["missing_force_null", "nope", { force: null }],
  ["directory_default_recursive", "d"],
  ["directory_nonrecursive", "d", { recursive: false }],
  ["empty_directory_nonrecursive", "empty", { recursive: false }],
  ["symlink_to_dir_only_link", "lnd"],
  ["dangling", "dangling"],
  ["under_file", "a.txt/x"],
  ["fifo", "fifo"],
  ["nofollow_file_default", "a.txt", noFollow],
  ["nofollow_file_nonrecursive", "a.txt", onlyThis],
  ["nofollow_symlink_nonrecursive", "ln", onlyThis],
  ["nofollow_dir_nonrecursive", "d", onlyThis],
  ["nofollow_empty_dir_nonrecursive", "empty", onlyThis],
  ["nofollow_through_symlink_nonrecursive", "lnd/x", onlyThis],
  ["nofollow_missing_nonrecursive", "nope", onlyThis],
  ["nofollow_missing_nonrecursive_no_force", "nope", { ...onlyThis, force: false }],
];
const isGone = (t: CaseContext, path: string) =>
  lstatSync(t.path(path), { throwIfNoEntry: false }) === undefined;
for (const [name, path, members] of removals) {
  addTreeCase(add, {
    name: `fs.remove.${name}`,
    method: "fs/remove",
    params: (t) => ({ path: t.uri(path), ...members }),
    after: (t) => ({
      gone: path === "a.txt/x" || isGone(t, path),
      targetKept: existsSync(t.path("d/x")),
    }),
  });
}
addTreeCase(add, {
  name: "fs.remove.eperm",
  method: "fs/remove",
  params: () => ({ path: "file:///proc/version" }),
});

interface Copy {
  readonly from: string;
  readonly to: string;
  readonly recursive?: boolean | null;
  readonly after?: (t: CaseContext) => unknown;
}
const isLink = (t: CaseContext, name: string) => lstatSync(t.path(name)).isSymbolicLink();
const target = (t: CaseContext, name: string) => readlinkSync(t.path(name));
const copies: Readonly<Record<string, Copy>> = {
  file: { from: "a.txt", to: "c", recursive: false, after: (t) => contentOf(t, "c") },
  file_recursive_true: { from: "a.txt", to: "c", recursive: true, after: (t) => contentOf(t, "c") },
  file_over_file: { from: "a.txt", to: "d/x", recursive: false, after: (t) => contentOf(t, "d/x") },
  file_to_directory: { from: "a.txt", to: "d", recursive: false },
  file_onto_itself_truncates: {
    from: "a.txt",
    to: "a.txt",
    recursive: false,
    after: (t) => contentOf(t, "a.txt"),
  },
  file_onto_itself_through_symlink: {
    from: "a.txt",
    to: "ln",
    recursive: false,
    after: (t) => contentOf(t, "a.txt"),
  },
  recursive_missing: { from: "a.txt", to: "c" },
  recursive_null: { from: "a.txt", to: "c", recursive: null },
  dir_nonrecursive: { from: "d", to: "d2", recursive: false },
  dir_recursive: {
    from: "d",
    to: "d2",
    recursive: true,
    after: (t) => [namesBelow(t, "d2"), target(t, "d2/rel")],
  },
  dir_into_existing_merges: {
    from: "d/sub",
    to: "empty",
    recursive: true,
    after: (t) => namesBelow(t, "empty"),
  },
  dir_over_existing_with_symlinks: { from: "d", to: "d3", recursive: true },
  dir_into_itself: { from: "d", to: "d/in", recursive: true },
  dir_onto_itself: { from: "d", to: "d", recursive: true },
  dir_over_file: { from: "d", to: "a.txt", recursive: true },
  dir_missing_parent_created: {
    from: "d/sub",
    to: "n/o/z",
    recursive: true,
    after: (t) => namesBelow(t, "n"),
  },
  symlink: { from: "ln", to: "ln2", recursive: false, after: (t) => target(t, "ln2") },
  symlink_over_existing: { from: "ln", to: "a.txt", recursive: false },
  symlink_to_dir: { from: "lnd", to: "lnd2", recursive: true, after: (t) => isLink(t, "lnd2") },
  dangling: { from: "dangling", to: "dang2", recursive: false, after: (t) => target(t, "dang2") },
  fifo: { from: "fifo", to: "fifo2", recursive: false },
  missing_source: { from: "nope", to: "z", recursive: false },
  missing_destination_parent: { from: "a.txt", to: "n/o/z", recursive: false },
};
for (const [name, copy] of Object.entries(copies)) {
  addTreeCase(add, {
    name: `fs.copy.${name}`,
    method: "fs/copy",
    params: (t) => {
      if (copy.to === "d3") cpSync(t.path("d"), t.path("d3"), { recursive: true, verbatimSymlinks: true });
      const paths = { sourcePath: t.uri(copy.from), destinationPath: t.uri(copy.to) };
      return "recursive" in copy ? { ...paths, recursive: copy.recursive } : paths;
    },
    ...(copy.after ? { after: copy.after } : {}),
  });
}
addTreeCase(add, {
  name: "fs.copy.keeps_mode",
  method: "fs/copy",
  params: (t) => {
    chmodSync(t.path("a.txt"), 0o751);
    return { sourcePath: t.uri("a.txt"), destinationPath: t.uri("c"), recursive: false };
  },
  after: (t) => modeOf(t, "c"),
});
addTreeCase(add, { name: "fs.copy.missing_source_param", method: "fs/copy", params: () => ({}) });
