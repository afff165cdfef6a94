import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import type { FileSystem } from "../../../../core/filesystem/file-system.ts";
import { Workspace } from "../../../core/sandbox/plan/workspace.ts";
import { judgedOver, said, text } from "./judged-fixture.ts";
import {
  absent,
  denied,
  denyGlob,
  type Entry,
  onPath,
  readOnly,
  rootRead,
  rootsRead,
  rootsWrite,
} from "./sandboxed-scope.ts";

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace[Symbol.dispose]());
const at = (name: string) => `${workspace.ws}/${name}`;
const judged = (...entries: readonly Entry[]) => judgedOver(workspace.ws, entries);

describe("making directories", () => {
  test("makes nothing when one of them may not be made", async () => {
    const files = judged(rootRead, rootsWrite, onPath(at("one/two/three"), "deny"));
    expect(await said(() => files.createDirectory(at("one/two/three/four")))).toBe(readOnly);
    expect(existsSync(at("one"))).toBe(false);
    expect(await said(() => files.createDirectory(at("one/two/other")))).toBe("ok");
    expect(await said(() => files.createDirectory(`${workspace.out}/new`))).toBe(readOnly);
    expect(await said(() => files.createDirectory(at(".codex")))).toBe(readOnly);
    expect(await said(() => files.createDirectory(at("a.txt/x")))).toBe(
      "-32603 Not a directory (os error 20)",
    );
  });

  test("is content with one that is there, and may be seen", async () => {
    expect(await said(() => judged(rootRead).createDirectory(at("sub/deep")))).toBe("ok");
    expect(await said(() => judged(rootsRead).createDirectory(workspace.out))).toBe(absent);
    expect(await said(() => judged(rootsRead).createDirectory(at("sub"), { recursive: false }))).toBe(
      "-32603 File exists (os error 17)",
    );
  });
});

describe("removing", () => {
  test("a directory with something denied below it removes nothing", async () => {
    const byPath = judged(rootsWrite, onPath(at("sub/deep"), "deny"));
    expect(await said(() => byPath.remove(at("sub")))).toBe(denied);
    const byGlob = judged(rootsWrite, denyGlob("**/*.env"));
    writeFileSync(at("sub/first"), "");
    expect(await said(() => byGlob.remove(at("sub")))).toBe(denied);
    const protectedName = judged(rootRead, onPath(workspace.base, "write"), onPath(at("sub"), "read"));
    expect(await said(() => protectedName.remove(workspace.ws))).toBe(readOnly);
    expect(existsSync(at("sub/first")) && existsSync(at("sub/deep/x.env"))).toBe(true);
  });

  test("takes a tree with links away, and nothing that they lead to", async () => {
    symlinkSync(workspace.out, at("sub/link"));
    const files = judged(rootsWrite);
    expect(await said(() => files.remove(at("sub")))).toBe("ok");
    expect(existsSync(at("sub"))).toBe(false);
    expect(existsSync(`${workspace.out}/o.txt`)).toBe(true);
  });

  test("what is hidden is as removing nothing", async () => {
    const files = judged(rootsWrite);
    expect(await said(() => files.remove(`${workspace.out}/o.txt`))).toBe("ok");
    expect(await said(() => files.remove(`${workspace.out}/o.txt`, { force: false }))).toBe(absent);
    expect(existsSync(`${workspace.out}/o.txt`)).toBe(true);
  });
});

describe("listing", () => {
  const names = async (files: FileSystem, path: string) =>
    (await files.readDirectory(path)).map(({ fileName }) => fileName).sort();

  test("shows the names of what is denied, and refuses its inside", async () => {
    const files = judged(rootsRead, onPath(at("priv"), "deny"), denyGlob("**/*.env"));
    expect(await names(files, workspace.ws)).toEqual([".git", "a.txt", "priv", "sub", "top.env"]);
    expect(await said(() => files.readDirectory(at("priv")))).toBe(denied);
  });

  test("shows of a directory on the way to a grant only that way", async () => {
    const files = judged(onPath(at("sub/deep"), "read"));
    expect(await names(files, workspace.ws)).toEqual(["sub"]);
    expect(await names(files, at("sub"))).toEqual(["deep"]);
    expect(await said(() => files.readFile(at("a.txt")))).toBe(absent);
    expect(await said(() => files.writeFile(at("new"), text("x")))).toBe(readOnly);
    expect((await files.getMetadata(workspace.ws)).isDirectory).toBe(true);
  });

  test("leaves out links to what is hidden, as if they dangled", async () => {
    symlinkSync(workspace.out, at("out"));
    symlinkSync("sub", at("in"));
    expect(await names(judged(rootsRead), workspace.ws)).toEqual([
      ".git",
      "a.txt",
      "in",
      "priv",
      "sub",
      "top.env",
    ]);
  });

  test("a walk tells of a denied directory that it may not be read", async () => {
    const files = judged(rootsRead, onPath(at("priv"), "deny"));
    const walked = await files.walk(workspace.ws, {
      maxDepth: 8,
      maxDirectories: 100,
      maxEntries: 100,
      followDirectorySymlinks: false,
      pruneHiddenDirectories: true,
    });
    expect(walked.errors).toEqual([{ path: at("priv"), message: "Permission denied (os error 13)" }]);
    expect(walked.entries.map(({ path }) => path)).toContain(at("sub/deep/x.env"));
    expect(walked.entries.map(({ path }) => path)).not.toContain(at("priv/p.txt"));
  });
});

describe("copying", () => {
  test("judges both sides, entry by entry", async () => {
    const files = judged(rootRead, rootsWrite, onPath(at("sub/deep"), "deny"));
    expect(await said(() => files.copy(at("a.txt"), `${workspace.out}/a`, { recursive: false }))).toBe(
      readOnly,
    );
    expect(await said(() => files.copy(`${workspace.out}/o.txt`, at("o"), { recursive: false }))).toBe("ok");
    expect(await said(() => files.copy(at("sub"), at("copy"), { recursive: true }))).toBe(denied);
    expect(existsSync(at("copy/deep/x.env"))).toBe(false);
  });

  test("a tree makes nothing where a protected name would come to stand", async () => {
    mkdirSync(at("from/.codex"), { recursive: true });
    const files = judged(rootRead, rootsWrite);
    expect(await said(() => files.copy(at("from"), workspace.ws, { recursive: true }))).toStartWith("-3260");
    expect(lstatSync(at(".codex"), { throwIfNoEntry: false })).toBeUndefined();
  });

  test("a file keeps its mode, a link its text", async () => {
    writeFileSync(at("program"), "#!", { mode: 0o751 });
    symlinkSync("nowhere", at("link"));
    const files = judged(rootsWrite);
    await files.copy(at("program"), at("program2"), { recursive: false });
    await files.copy(at("link"), at("link2"), { recursive: false });
    expect(lstatSync(at("program2")).mode & 0o777).toBe(0o751);
    expect(lstatSync(at("link2")).isSymbolicLink()).toBe(true);
  });
});
