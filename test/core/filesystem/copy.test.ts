import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { failure, ok, ScopeFixture } from "./scope-fixture.ts";

let fixture: ScopeFixture;
beforeEach(() => {
  fixture = new ScopeFixture();
  writeFileSync(fixture.path("a"), "hello");
  mkdirSync(fixture.path("d/sub"), { recursive: true });
  writeFileSync(fixture.path("d/x"), "x");
  writeFileSync(fixture.path("d/sub/y"), "yy");
  symlinkSync("../a", fixture.path("d/link"));
});
afterEach(() => fixture[Symbol.asyncDispose]());

const copy = (source: string, destination: string, recursive = false) =>
  fixture.call("fs/copy", {
    sourcePath: fixture.uri(source),
    destinationPath: fixture.uri(destination),
    recursive,
  });

describe("fs/copy of a file", () => {
  test.each([0, 5, 262_144, 262_145, 3_000_000])("of %d bytes copies content and mode", async (size) => {
    const content = Buffer.alloc(size, Buffer.from([1, 2, 3, 4, 5, 6, 7]));
    writeFileSync(fixture.path("big"), content);
    chmodSync(fixture.path("big"), 0o751);
    expect(await copy("big", "out")).toEqual(ok);
    expect(readFileSync(fixture.path("out")).equals(content)).toBe(true);
    expect(statSync(fixture.path("out")).mode & 0o777).toBe(0o751);
  });

  test("of procfs, which tells no size, copies what is there", async () => {
    const params = {
      sourcePath: "file:///proc/sys/kernel/ostype",
      destinationPath: fixture.uri("out"),
      recursive: false,
    };
    expect(await fixture.call("fs/copy", params)).toEqual(ok);
    expect(fixture.content("out")).toBe("Linux\n");
  });

  test.each([
    ["its own name", "a"],
    ["a hard link", "hard"],
    ["a link to it", "soft"],
    ["a linked directory", "dir/a"],
  ])("onto itself through %s is refused and loses nothing", async (_, destination) => {
    linkSync(fixture.path("a"), fixture.path("hard"));
    symlinkSync("a", fixture.path("soft"));
    symlinkSync(".", fixture.path("dir"));
    expect(await copy("a", destination)).toEqual(
      failure(
        -32600,
        `fs/copy cannot copy a file onto itself: \`<T>/a\` and \`<T>/${destination}\` are the same file`,
      ),
    );
    expect(fixture.content("a")).toBe("hello");
  });

  test("over a longer file leaves none of it", async () => {
    writeFileSync(fixture.path("long"), "0123456789");
    expect(await copy("a", "long")).toEqual(ok);
    expect(fixture.content("long")).toBe("hello");
  });

  test("to a FIFO is refused at once, as its source is", async () => {
    Bun.spawnSync(["mkfifo", fixture.path("fifo")]);
    expect(await copy("a", "fifo")).toEqual(failure(-32600, "path `<T>/fifo` is not a file"));
    expect(await copy("fifo", "out")).toEqual(
      failure(-32600, "fs/copy only supports regular files, directories, and symlinks"),
    );
  });

  test.each([
    ["a directory", "a", "d", failure(-32603, "Is a directory (os error 21)")],
    ["a missing parent", "a", "n/o", failure(-32004, "No such file or directory (os error 2)")],
    ["nothing there", "nope", "out", failure(-32004, "No such file or directory (os error 2)")],
  ])("with %s says so", async (_, source, destination, expected) => {
    expect(await copy(source, destination)).toEqual(expected);
  });
});

describe("fs/copy of a directory", () => {
  test("copies files, directories and links as links, and makes missing parents", async () => {
    Bun.spawnSync(["mkfifo", fixture.path("d/fifo")]);
    expect(await copy("d", "n/o/d2", true)).toEqual(ok);
    expect(fixture.content("n/o/d2/sub/y")).toBe("yy");
    expect(readlinkSync(fixture.path("n/o/d2/link"))).toBe("../a");
    expect(existsSync(fixture.path("n/o/d2/fifo"))).toBe(false);
  });

  test("merges into one that is there, and stops at a link that is there", async () => {
    mkdirSync(fixture.path("out"));
    writeFileSync(fixture.path("out/kept"), "k");
    expect(await copy("d/sub", "out", true)).toEqual(ok);
    expect([fixture.content("out/kept"), fixture.content("out/y")]).toEqual(["k", "yy"]);
    symlinkSync("nowhere", fixture.path("out/link"));
    expect(await copy("d", "out", true)).toEqual(failure(-32603, "File exists (os error 17)"));
  });

  test.each(["d", "d/in", "d/in/deep", "self", "self/in"])("into itself as %s is refused", async (name) => {
    symlinkSync("d", fixture.path("self"));
    expect(await copy("d", name, true)).toEqual(
      failure(-32600, "fs/copy cannot copy a directory to itself or one of its descendants"),
    );
    expect(fixture.names()).toEqual(["a", "d", "self"]);
  });

  test("with a name that is not UTF-8 keeps its bytes", async () => {
    const name = Buffer.from([0x62, 0xff]);
    writeFileSync(Buffer.concat([Buffer.from(`${fixture.path("d")}/`), name]), "raw");
    expect(await copy("d", "d2", true)).toEqual(ok);
    expect(readFileSync(Buffer.concat([Buffer.from(`${fixture.path("d2")}/`), name]), "utf8")).toBe("raw");
  });

  test("without recursive is refused", async () => {
    expect(await copy("d", "d2")).toEqual(
      failure(-32600, "fs/copy requires recursive: true when sourcePath is a directory"),
    );
  });
});
