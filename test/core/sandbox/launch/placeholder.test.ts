import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  holdPlaceholder,
  type MissingName,
  type Placeholder,
  placeholderEntry,
  releasePlaceholder,
  sweepPlaceholder,
} from "../../../../core/sandbox/launch/placeholder.ts";
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
const left = () => [...readdirSync(workspace), ...readdirSync(registry)];

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
    expect(readdirSync(registry)).toEqual([]);
  });

  test("whose holder was killed is removed by the next sweep, and not before", async () => {
    const placeholder = await held(".git");
    sweepPlaceholder(placeholder);
    expect(readdirSync(workspace)).toEqual([".git"]);
    closeSync(placeholder.descriptor);
    sweepPlaceholder(placeholder);
    expect(left()).toEqual([]);
  });

  test("whose registration alone was left is forgotten by the next sweep", async () => {
    const path = join(workspace, ".git");
    const entry = placeholderEntry(registry, path);
    writeFileSync(entry, JSON.stringify({ path, kind: "directory" }));
    sweepPlaceholder({ path, kind: "directory", entry });
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
    expect(readdirSync(registry)).toEqual([]);
  });

  test("is not made of what is the user's own", async () => {
    const path = join(workspace, ".git");
    mkdirSync(join(path, "objects"), { recursive: true });
    expect(await holdPlaceholder({ path, kind: "directory" }, registry)).toBeUndefined();
    expect(left()).toEqual([".git"]);
  });

  test("is not made of what is empty and nobody's: that is held, and stays", async () => {
    mkdirSync(join(workspace, ".git"));
    const placeholder = await held(".git");
    expect(readdirSync(registry)).toEqual([]);
    releasePlaceholder(placeholder);
    expect(left()).toEqual([".git"]);
  });

  test("of another account is not removed while this one's sandbox stands on it", async () => {
    const others = mkdtempSync(join(folder, "registry-"));
    const path = join(workspace, ".git");
    const theirs = await holdPlaceholder({ path, kind: "directory" }, others);
    const ours = await held(".git");
    if (theirs === undefined) throw new Error("it is not held");
    releasePlaceholder(theirs);
    expect(left()).toEqual([".git"]);
    releasePlaceholder(ours);
    // Whose it is finds it with its next sweep.
    sweepPlaceholder(theirs);
    expect([...left(), ...readdirSync(others)]).toEqual([]);
  });

  test("is not made through a parent that is a link by now", async () => {
    const elsewhere = mkdtempSync(join(folder, "elsewhere-"));
    symlinkSync(elsewhere, join(workspace, "sub"));
    const name = { path: join(workspace, "sub/.git"), kind: "directory" } as const;
    expect(await holdPlaceholder(name, registry).catch((error) => error)).toBeInstanceOf(Error);
    expect([...readdirSync(elsewhere), ...readdirSync(registry)]).toEqual([]);
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
