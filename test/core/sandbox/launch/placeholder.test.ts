import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chownSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { tryLock } from "../../../../core/host/file-lock.ts";
import {
  holdPlaceholder,
  type MissingName,
  type Placeholder,
  releasePlaceholder,
  sweepPlaceholder,
} from "../../../../core/sandbox/launch/placeholder.ts";
import { placeholderEntry } from "../../../../core/sandbox/launch/registry-entry.ts";
import { SandboxRefusal } from "../../../../core/sandbox/sandbox-refusal.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "placeholder-")));
afterAll(() => rmSync(folder, { recursive: true }));

let workspace = "";
let registry = "";
beforeEach(() => {
  workspace = mkdtempSync(join(folder, "ws-"));
  registry = mkdtempSync(join(folder, "registry-"));
});

async function held(name: string, kind: MissingName["kind"] = "directory"): Promise<Placeholder> {
  const placeholder = await holdPlaceholder({ path: join(workspace, name), kind }, registry);
  if (placeholder === undefined) throw new Error(`${name} is not held`);
  return placeholder;
}

/** Everything that placeholders leave anywhere. */
const left = () => [...readdirSync(workspace), ...entries()];
const entries = () => readdirSync(registry).filter((name) => name !== ".lock");

describe("a placeholder", () => {
  test.each(["directory", "file"] as const)(
    "that is a %s stands and is registered until it is released",
    async (kind) => {
      const placeholder = await held(".git", kind);
      expect(readdirSync(workspace)).toEqual([".git"]);
      expect(existsSync(placeholderEntry(registry, placeholder.path))).toBe(true);
      releasePlaceholder(placeholder);
      expect(left()).toEqual([]);
    },
  );

  test("held by two stays until both have let go, whoever is first", async () => {
    const first = await held(".git");
    const second = await held(".git");
    releasePlaceholder(first);
    expect(readdirSync(workspace)).toEqual([".git"]);
    const third = await held(".git");
    releasePlaceholder(second);
    expect(readdirSync(workspace)).toEqual([".git"]);
    releasePlaceholder(third);
    expect(left()).toEqual([]);
  });

  test("that somebody has filled stays, and is nobody's placeholder any more", async () => {
    const directory = await held(".git");
    writeFileSync(join(workspace, ".git/config"), "mine");
    const file = await held("note", "file");
    writeFileSync(join(workspace, "note"), "mine");
    releasePlaceholder(directory);
    releasePlaceholder(file);
    expect(readdirSync(workspace).sort()).toEqual([".git", "note"]);
    expect(entries()).toEqual([]);
  });

  test("whose holder was killed is removed by the next sweep, and not before", async () => {
    const placeholder = await held(".git");
    sweepPlaceholder(placeholder.entry);
    expect(readdirSync(workspace)).toEqual([".git"]);
    closeSync(placeholder.descriptor);
    sweepPlaceholder(placeholder.entry);
    expect(left()).toEqual([]);
  });

  test("whose registration alone was left is forgotten by the next sweep", async () => {
    const path = join(workspace, ".git");
    const entry = placeholderEntry(registry, path);
    writeFileSync(entry, `d - ${path}\0`);
    sweepPlaceholder(entry);
    expect(left()).toEqual([]);
  });

  test("is not removed where its path leads by now", async () => {
    mkdirSync(join(workspace, "sub"));
    const elsewhere = mkdtempSync(join(folder, "elsewhere-"));
    mkdirSync(join(elsewhere, ".git"));
    const placeholder = await held("sub/.git");
    renameSync(join(workspace, "sub"), join(workspace, "moved"));
    symlinkSync(elsewhere, join(workspace, "sub"));
    releasePlaceholder(placeholder);
    expect(readdirSync(elsewhere)).toEqual([".git"]);
    expect(entries()).toEqual([basename(placeholder.entry)]);
  });

  test.each([
    ["a link", (path: string) => symlinkSync(folder, path)],
    ["another directory", (path: string) => mkdirSync(path)],
    ["nothing", () => undefined],
  ])("goes with a later sweep when %s was for a moment in the way to it", async (_name, put) => {
    const [sub, moved] = [join(workspace, "sub"), join(workspace, "moved")];
    mkdirSync(sub);
    const placeholder = await held("sub/.git");
    renameSync(sub, moved);
    put(sub);
    releasePlaceholder(placeholder);
    rmSync(sub, { recursive: true, force: true });
    renameSync(moved, sub);
    sweepPlaceholder(placeholder.entry);
    expect([readdirSync(sub), entries()]).toEqual([[], []]);
  });

  test("that is not found for long is forgotten", async () => {
    const placeholder = await held(".git");
    rmdirSync(placeholder.path);
    releasePlaceholder(placeholder);
    expect(entries()).toEqual([basename(placeholder.entry)]);
    utimesSync(placeholder.entry, 1, 1);
    sweepPlaceholder(placeholder.entry);
    expect(entries()).toEqual([]);
  });

  test("is not made of what is the user's own", async () => {
    const path = join(workspace, ".git");
    mkdirSync(join(path, "objects"), { recursive: true });
    expect(await holdPlaceholder({ path, kind: "directory" }, registry)).toBeUndefined();
    expect(left()).toEqual([".git"]);
  });

  test("is not made of what is empty and somebody's own, and never locks it", async () => {
    const path = join(workspace, ".git");
    mkdirSync(path);
    const descriptor = openSync(path, "r");
    expect(tryLock(descriptor, "exclusive")).toBe(true);
    expect(await holdPlaceholder({ path, kind: "directory" }, registry)).toBeUndefined();
    closeSync(descriptor);
    expect(left()).toEqual([".git"]);
  });

  test.each(["shared", "exclusive"] as const)(
    "is held and removed though a command has a %s lock on what stands there",
    async (kind) => {
      const first = await held(".git");
      const descriptor = openSync(first.path, "r");
      expect(tryLock(descriptor, kind)).toBe(true);
      const second = await held(".git");
      releasePlaceholder(first);
      releasePlaceholder(second);
      closeSync(descriptor);
      expect(left()).toEqual([]);
    },
  );

  test("that somebody has exchanged for something of the same name stays", async () => {
    const placeholder = await held(".git");
    renameSync(placeholder.path, join(workspace, "aside"));
    mkdirSync(placeholder.path);
    releasePlaceholder(placeholder);
    expect(left().sort()).toEqual([".git", "aside"]);
  });

  test("with a further name stays", async () => {
    const placeholder = await held("note", "file");
    linkSync(placeholder.path, join(workspace, "other"));
    releasePlaceholder(placeholder);
    expect(left().sort()).toEqual(["note", "other"]);
  });

  test("removed by somebody while it is held is made again for the next sandbox", async () => {
    const first = await held(".git");
    rmdirSync(first.path);
    const second = await held(".git");
    expect(readdirSync(workspace)).toEqual([".git"]);
    releasePlaceholder(first);
    expect(readdirSync(workspace)).toEqual([".git"]);
    releasePlaceholder(second);
    expect(left()).toEqual([]);
  });

  test("whose making was cut short goes with the next sweep; what came later stays", async () => {
    const path = join(workspace, ".git");
    const entry = placeholderEntry(registry, path);
    mkdirSync(path, 0o1755);
    writeFileSync(entry, `d - ${path}\0`);
    sweepPlaceholder(entry);
    expect(left()).toEqual([]);
    mkdirSync(path, 0o1755);
    writeFileSync(entry, `d - ${path}\0`);
    utimesSync(entry, 1, 1);
    sweepPlaceholder(entry);
    expect(left()).toEqual([".git"]);
  });

  test("is not removed for an entry under another path's name", async () => {
    const placeholder = await held(".git");
    closeSync(placeholder.descriptor);
    const forged = join(registry, "0".repeat(64));
    renameSync(placeholder.entry, forged);
    sweepPlaceholder(forged);
    expect(readdirSync(workspace)).toEqual([".git"]);
  });

  test.skipIf(process.geteuid?.() !== 0)("of another account's sandbox is not relied on", async () => {
    const path = join(workspace, ".git");
    mkdirSync(path, 0o1755);
    chownSync(path, 12345, 12345);
    const refusal = await holdPlaceholder({ path, kind: "directory" }, registry).catch(
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(SandboxRefusal);
    expect(left()).toEqual([".git"]);
  });

  test("is not made through a parent that is a link by now", async () => {
    const elsewhere = mkdtempSync(join(folder, "elsewhere-"));
    symlinkSync(elsewhere, join(workspace, "sub"));
    const name = { path: join(workspace, "sub/.git"), kind: "directory" } as const;
    expect(await holdPlaceholder(name, registry).catch((error) => error)).toBeInstanceOf(Error);
    expect([...readdirSync(elsewhere), ...entries()]).toEqual([]);
  });

  test("in a directory whose way there leads through a link is refused by name", async () => {
    const real = mkdtempSync(join(folder, "real-"));
    mkdirSync(join(real, "sub"));
    symlinkSync(real, join(workspace, "link"));
    const name = { path: join(workspace, "link/sub/.git"), kind: "directory" } as const;
    const refusal = await holdPlaceholder(name, registry).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SandboxRefusal);
    expect(String(refusal)).toContain(join(workspace, "link/sub"));
    expect(readdirSync(join(real, "sub"))).toEqual([]);
  });

  test("is held by a hundred at once and removed once", async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => held(".git")));
    for (const placeholder of all) {
      expect(readdirSync(workspace)).toEqual([".git"]);
      releasePlaceholder(placeholder);
    }
    expect(left()).toEqual([]);
  });
});
