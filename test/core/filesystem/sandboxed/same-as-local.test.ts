import { afterAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FileSystem } from "../../../../core/filesystem/file-system.ts";
import { LocalFileSystem } from "../../../../core/filesystem/local/local-file-system.ts";
import { Judge } from "../../../../core/filesystem/sandboxed/judge.ts";
import { JudgedFileSystem } from "../../../../core/filesystem/sandboxed/judged-file-system.ts";
import { RpcError } from "../../../../core/protocol/rpc-error.ts";
import { everythingGranted } from "../../../../core/sandbox/plan/everything-granted.ts";

const base = realpathSync(mkdtempSync(join(tmpdir(), "codex-env-same-")));
afterAll(() => rmSync(base, { recursive: true }));

const places = [
  ...["", "file", "directory", "empty", "missing", "missing/below", "file/below", "fifo", "directory/inner"],
  ...["to-file", "to-directory", "to-directory/inner", "dangling", "dangling/below", "loop", "loop/below"],
  ...["to-fifo", "deep/a/b/c", "through/./x", "up", "up/file"],
];

function build(root: string): void {
  mkdirSync(join(root, "directory/sub"), { recursive: true });
  mkdirSync(join(root, "empty"));
  mkdirSync(join(root, "deep/a/b/c"), { recursive: true });
  writeFileSync(join(root, "file"), "content");
  writeFileSync(join(root, "directory/inner"), "inner");
  spawnSync("mkfifo", [join(root, "fifo")]);
  symlinkSync("file", join(root, "to-file"));
  symlinkSync("directory", join(root, "to-directory"));
  symlinkSync("nowhere", join(root, "dangling"));
  symlinkSync("loop", join(root, "loop"));
  symlinkSync("fifo", join(root, "to-fifo"));
  symlinkSync("directory/..", join(root, "up"));
}

const walking = { maxDepth: 9, maxDirectories: 99, maxEntries: 99, pruneHiddenDirectories: false };
const none = { followSymlinks: false } as const;

type Act = (files: FileSystem, path: string) => unknown;

const acts: Readonly<Record<string, Act>> = {
  "reading a file": (files, path) => files.readFile(path),
  "reading without following": (files, path) => files.readFile(path, none),
  "asking what it is": (files, path) => files.getMetadata(path),
  "asking without following": (files, path) => files.getMetadata(path, none),
  "asking for the real path": (files, path) => files.canonicalize(path),
  listing: (files, path) => files.readDirectory(path),
  walking: (files, path) => files.walk(path, { ...walking, followDirectorySymlinks: false }),
  "walking along links": (files, path) => files.walk(path, { ...walking, followDirectorySymlinks: true }),
  writing: (files, path) => files.writeFile(path, Buffer.from("written")),
  "writing without following": (files, path) => files.writeFile(path, Buffer.from("written"), none),
  "making a directory": (files, path) => files.createDirectory(path, { recursive: false }),
  "making directories": (files, path) => files.createDirectory(path),
  "making directories without following": (files, path) => files.createDirectory(path, none),
  "opening to read": async (files, path) => await (await files.open(path, "read")).read(0, 99),
  "opening to replace": async (files, path) =>
    await (await files.open(path, "replace")).write(2, Buffer.from("x")),
  "copying it": (files, path) => files.copy(path, `${path}-copy`, { recursive: true }),
  "copying a file there": (files, path) =>
    files.copy(path.replace(/(\/same\d+)\/.*$/, "$1/file"), path, { recursive: false }),
  "removing it alone": (files, path) => files.remove(path, { recursive: false, force: false }),
  "removing without following": (files, path) => files.remove(path, { ...none, recursive: false }),
  removing: (files, path) => files.remove(path, { force: false }),
};

/** What came of it; times differ, and the roots' names are made the same. */
async function outcomeOf(act: Act, files: FileSystem, root: string, place: string): Promise<string> {
  let outcome: unknown;
  try {
    outcome = (await act(files, join(root, place))) ?? "done";
  } catch (cause) {
    if (!(cause instanceof RpcError)) throw cause;
    outcome = { code: cause.code, message: cause.message };
  }
  const text = outcome instanceof Uint8Array ? Buffer.from(outcome).toString() : JSON.stringify(outcome);
  return text.replaceAll(root, "<T>").replace(/"(createdAtMs|modifiedAtMs|size)":\d+,?/g, "");
}

function snapshot(root: string): unknown {
  const found = lstatSync(root);
  if (found.isSymbolicLink()) return `-> ${readlinkSync(root)}`;
  if (found.isFile()) return readFileSync(root, "utf8");
  if (!found.isDirectory()) return "other";
  return Object.fromEntries(
    readdirSync(root)
      .sort()
      .map((name) => [name, snapshot(join(root, name))]),
  );
}

let count = 0;
const judged = new JudgedFileSystem(new Judge(everythingGranted));
const local = new LocalFileSystem();

describe("where everything is granted, judged files are as local ones", () => {
  test.each(Object.entries(acts))("%s", async (_, act) => {
    for (const place of places.filter((name) => name !== "")) {
      const roots = [join(base, `same${count++}`), join(base, `same${count++}`)] as const;
      for (const root of roots) build(root);
      const [here, there] = [
        await outcomeOf(act, local, roots[0], place),
        await outcomeOf(act, judged, roots[1], place),
      ];
      expect(`${place}: ${there}`).toBe(`${place}: ${here}`);
      expect({ place, left: snapshot(roots[1]) }).toEqual({ place, left: snapshot(roots[0]) });
      for (const root of roots) rmSync(root, { recursive: true });
    }
  });
});
