import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FileSystem } from "../../../core/filesystem/file-system.ts";

/** A file system under test, over the files of this machine; disposing ends what stands behind it. */
export interface OpenedFileSystem extends AsyncDisposable {
  readonly fileSystem: FileSystem;
}

/** What every FileSystem promises, local or through a client. */
export function describeFileSystem(name: string, open: () => Promise<OpenedFileSystem>): void {
  let directory: string;
  let opened: OpenedFileSystem;
  let files: FileSystem;
  const path = (entry: string) => join(directory, entry);

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "codex-env-suite-"));
    opened = await open();
    files = opened.fileSystem;
  });
  afterEach(async () => {
    await opened[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  /** The error of an operation that must fail, thrown at once or later. */
  async function failureOf(operation: () => unknown): Promise<unknown> {
    try {
      await operation();
    } catch (cause) {
      return cause;
    }
    throw new Error("it did not fail");
  }

  describe(name, () => {
    test("writes a file and reads it back, small and large", async () => {
      for (const size of [0, 10, 1_000_000]) {
        const content = Buffer.alloc(size, Buffer.from([0, 200, 10, 255]));
        await files.writeFile(path("f"), content);
        expect(Buffer.from(await files.readFile(path("f"))).equals(content)).toBe(true);
        expect(readFileSync(path("f")).equals(content)).toBe(true);
      }
    });

    test("tells what a path is, and that a link is one", async () => {
      writeFileSync(path("f"), "12345");
      symlinkSync("f", path("l"));
      const ofFile = await files.getMetadata(path("f"));
      expect(ofFile).toMatchObject({ isFile: true, isDirectory: false, isSymlink: false, size: 5 });
      expect(Math.abs(ofFile.modifiedAtMs - Date.now())).toBeLessThan(60_000);
      expect(await files.getMetadata(path("l"))).toEqual({ ...ofFile, isSymlink: true });
    });

    test("fails with the dialect's code and the OS's words", async () => {
      expect(await failureOf(() => files.readFile(path("nope")))).toMatchObject({
        code: -32004,
        message: "No such file or directory (os error 2)",
      });
      expect(await failureOf(() => files.readDirectory("/etc/passwd"))).toMatchObject({ code: -32603 });
      symlinkSync("f", path("l"));
      expect(await failureOf(() => files.getMetadata(path("l"), { followSymlinks: false }))).toMatchObject({
        code: -32600,
        message: "path contains a symbolic link",
      });
    });

    test("makes, lists, copies and removes directories", async () => {
      await files.createDirectory(path("a/b"));
      await files.writeFile(path("a/b/f"), Buffer.from("x"));
      await files.copy(path("a"), path("c"), { recursive: true });
      expect(await files.readDirectory(path("c/b"))).toEqual([
        { fileName: "f", isDirectory: false, isFile: true },
      ]);
      await files.remove(path("a"));
      await files.remove(path("a"));
      expect(await failureOf(() => files.remove(path("a"), { force: false }))).toMatchObject({
        code: -32004,
      });
      expect((await files.readDirectory(directory)).map(({ fileName }) => fileName)).toEqual(["c"]);
    });

    test("walks a tree and gives real paths", async () => {
      mkdirSync(path("t/sub"), { recursive: true });
      writeFileSync(path("t/sub/f ü%"), "");
      symlinkSync("t", path("l"));
      const options = {
        maxDepth: 5,
        maxDirectories: 10,
        maxEntries: 10,
        followDirectorySymlinks: false,
        pruneHiddenDirectories: false,
      };
      expect(await files.walk(path("t"), options)).toEqual({
        entries: [
          { path: path("t/sub"), kind: "directory" },
          { path: path("t/sub/f ü%"), kind: "file" },
        ],
        errors: [],
        truncated: false,
      });
      expect(await files.canonicalize(path("l/sub"))).toBe(path("t/sub"));
    });

    test("opens files and moves blocks at their offsets", async () => {
      const target = await files.open(path("f"), "replace");
      await target.write(3, Buffer.from("def"));
      await target.write(0, Buffer.from("abc"));
      await target.close();
      const source = await files.open(path("f"), "read");
      expect(Buffer.from(await source.read(1, 4)).toString()).toBe("bcde");
      expect(Buffer.from(await source.read(4, 100)).toString()).toBe("ef");
      await source.close();
    });

    test("handles directories whose names are not UTF-8", async () => {
      const inner = Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0xff, 0x2f, 0xfe])]);
      const outer = inner.subarray(0, -2);
      await files.createDirectory(inner);
      const file = Buffer.concat([inner, Buffer.from("/f")]);
      await files.writeFile(file, Buffer.alloc(500_000, 1));
      expect(await files.getMetadata(file)).toMatchObject({ isFile: true, size: 500_000 });
      expect(await files.readDirectory(inner)).toEqual([{ fileName: "f", isDirectory: false, isFile: true }]);
      expect(await files.readDirectory(outer)).toEqual([
        { fileName: "\uFFFD", isDirectory: true, isFile: false },
      ]);
      const options = {
        maxDepth: 5,
        maxDirectories: 10,
        maxEntries: 10,
        followDirectorySymlinks: true,
        pruneHiddenDirectories: false,
      };
      expect(await files.walk(directory, options)).toEqual({
        entries: [
          { path: outer, kind: "directory" },
          { path: inner, kind: "directory" },
          { path: file, kind: "file" },
        ],
        errors: [],
        truncated: false,
      });
      const copy = Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0xfd])]);
      await files.copy(outer, copy, { recursive: true });
      await files.remove(outer);
      expect(await files.readDirectory(copy)).toEqual([
        { fileName: "\uFFFD", isDirectory: true, isFile: false },
      ]);
      await files.remove(copy);
      expect(await files.readDirectory(directory)).toEqual([]);
    });

    test("handles names that are not UTF-8", async () => {
      const name = Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0x62, 0xff])]);
      await files.writeFile(name, Buffer.from("raw"));
      expect(readFileSync(name, "utf8")).toBe("raw");
      expect(Buffer.from(await files.readFile(name)).toString()).toBe("raw");
      expect(await files.canonicalize(name)).toEqual(name);
    });

    test("tells when a missing path may have appeared, or that it cannot tell", async () => {
      const appeared = Promise.withResolvers<void>();
      const watch = await files.watchMissing([path("later")], appeared.resolve);
      writeFileSync(path("later"), "");
      if (watch !== null) await appeared.promise;
      watch?.[Symbol.dispose]();
      expect(await files.watchMissing([path("later")], () => {})).toBeNull();
    });
  });
}
