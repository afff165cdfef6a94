import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
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
});
afterEach(() => fixture[Symbol.asyncDispose]());

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn("skipped: to give files away, to mount and to open any file takes root");
const [hasAttributes, hasLists] = [Bun.which("setfattr") !== null, Bun.which("setfacl") !== null];
if (!hasAttributes) console.warn("skipped: setfattr is not installed");
if (!hasLists) console.warn("skipped: setfacl is not installed");
const mode = (name: string) => statSync(fixture.path(name)).mode & 0o7777;
const inode = (name: string) => statSync(fixture.path(name)).ino;
const large = Buffer.alloc(1_000_000, "0123456789abcdef");

describe("fs/writeFile", () => {
  test("of a new file makes it with the default mode and leaves nothing else", async () => {
    const mask = process.umask(0o027);
    expect(await fixture.writeFile("new", "data")).toEqual(ok);
    process.umask(mask);
    expect(fixture.content("new")).toBe("data");
    expect(mode("new")).toBe(0o640);
    expect(fixture.names()).toEqual(["new"]);
  });

  test("replaces a file in one step: a reader that has it open keeps the old content", async () => {
    writeFileSync(fixture.path("f"), "old and longer");
    const reader = openSync(fixture.path("f"), "r");
    expect(await fixture.writeFile("f", "new")).toEqual(ok);
    expect(readFileSync(reader, "utf8")).toBe("old and longer");
    closeSync(reader);
    expect(fixture.content("f")).toBe("new");
    expect(fixture.names()).toEqual(["f"]);
  });

  test("of a megabyte over more than that gives exactly the new content", async () => {
    writeFileSync(fixture.path("f"), Buffer.alloc(2_000_000, 1));
    expect(await fixture.writeFile("f", large)).toEqual(ok);
    expect(readFileSync(fixture.path("f")).equals(large)).toBe(true);
    expect(fixture.names()).toEqual(["f"]);
  });

  test.each([0o600, 0o755, 0o444, 0o666])("keeps the mode %o", async (bits) => {
    writeFileSync(fixture.path("f"), "old");
    chmodSync(fixture.path("f"), bits);
    if (!isRoot && bits === 0o444) return;
    expect(await fixture.writeFile("f", "new")).toEqual(ok);
    expect(mode("f")).toBe(bits);
    expect(fixture.content("f")).toBe("new");
  });

  test("keeps a hard link: both names show the new content", async () => {
    writeFileSync(fixture.path("f"), "old");
    linkSync(fixture.path("f"), fixture.path("other"));
    expect(await fixture.writeFile("f", "new content")).toEqual(ok);
    expect(fixture.content("other")).toBe("new content");
    expect(await fixture.writeFile("f", "n")).toEqual(ok);
    expect(fixture.content("other")).toBe("n");
  });

  test("keeps a set-id file's inode, as a new one would lose its meaning", async () => {
    writeFileSync(fixture.path("f"), "old");
    chmodSync(fixture.path("f"), 0o2755);
    const before = inode("f");
    await fixture.writeFile("f", "new");
    expect(inode("f")).toBe(before);
  });

  test.skipIf(!isRoot)("keeps another owner and group", async () => {
    writeFileSync(fixture.path("f"), "old");
    chownSync(fixture.path("f"), 12345, 23456);
    chmodSync(fixture.path("f"), 0o640);
    expect(await fixture.writeFile("f", "new")).toEqual(ok);
    const { uid, gid } = statSync(fixture.path("f"));
    expect([uid, gid, mode("f"), fixture.content("f")]).toEqual([12345, 23456, 0o640, "new"]);
  });

  test.skipIf(!hasAttributes)("keeps extended attributes by writing in place", async () => {
    writeFileSync(fixture.path("f"), "old");
    const set = Bun.spawnSync(["setfattr", "-n", "user.note", "-v", "kept", fixture.path("f")]);
    if (!set.success) return console.warn("skipped: this file system has no user attributes");
    const before = inode("f");
    expect(await fixture.writeFile("f", "new")).toEqual(ok);
    expect([inode("f"), fixture.content("f")]).toEqual([before, "new"]);
    const got = Bun.spawnSync(["getfattr", "-n", "user.note", "--only-values", fixture.path("f")]);
    expect(got.stdout.toString()).toBe("kept");
  });

  test.skipIf(!hasLists)("keeps an access control list", async () => {
    writeFileSync(fixture.path("f"), "old");
    const set = Bun.spawnSync(["setfacl", "-m", "u:12345:r", fixture.path("f")]);
    if (!set.success) return console.warn("skipped: this file system has no ACLs");
    const list = () => Bun.spawnSync(["getfacl", "-c", fixture.path("f")]).stdout.toString();
    const before = list();
    expect(before).toContain("12345");
    expect(await fixture.writeFile("f", "new")).toEqual(ok);
    expect([list(), fixture.content("f")]).toEqual([before, "new"]);
  });

  test("through a link replaces the target and keeps the link", async () => {
    mkdirSync(fixture.path("d"));
    writeFileSync(fixture.path("d/target"), "old");
    symlinkSync("d/target", fixture.path("link"));
    expect(await fixture.writeFile("link", "new")).toEqual(ok);
    expect(readlinkSync(fixture.path("link"))).toBe("d/target");
    expect(fixture.content("d/target")).toBe("new");
    expect(fixture.names()).toEqual(["d", "link"]);
  });

  test("through a chain of dangling links makes the last one's target", async () => {
    mkdirSync(fixture.path("d"));
    symlinkSync("d/two", fixture.path("one"));
    symlinkSync("../three", fixture.path("d/two"));
    expect(await fixture.writeFile("one", "made")).toEqual(ok);
    expect(lstatSync(fixture.path("three")).isFile()).toBe(true);
    expect(fixture.content("one")).toBe("made");
  });

  test("of a file that is open here writes in place, so that the handle sees it", async () => {
    writeFileSync(fixture.path("f"), "0123456789");
    await fixture.call("fs/open", { handleId: "h", path: fixture.uri("f") });
    expect(await fixture.writeFile("f", "zz")).toEqual(ok);
    const block = { handleId: "h", offset: 0, len: 5 };
    expect(await fixture.call("fs/readBlock", block)).toEqual({ result: { chunk: btoa("zz"), eof: true } });
    await fixture.call("fs/close", { handleId: "h" });
    const before = inode("f");
    await fixture.writeFile("f", "z");
    expect(inode("f")).not.toBe(before);
  });

  test("within one page and not shorter than before writes in place: one write cannot tear", async () => {
    writeFileSync(fixture.path("f"), "old");
    const before = inode("f");
    for (const size of [3, 4095, 4096]) {
      expect(await fixture.writeFile("f", "n".repeat(size))).toEqual(ok);
      expect(fixture.content("f")).toBe("n".repeat(size));
      expect(inode("f")).toBe(before);
    }
    expect(await fixture.writeFile("f", "n".repeat(4097))).toEqual(ok);
    expect(fixture.content("f")).toBe("n".repeat(4097));
    expect(inode("f")).not.toBe(before);
  });

  test("to procfs, where no file can be made, writes in place", async () => {
    const path = "/proc/self/coredump_filter";
    const value = readFileSync(path, "utf8").trim();
    const dataBase64 = btoa(`0x${value}`);
    expect(await fixture.call("fs/writeFile", { path: `file://${path}`, dataBase64 })).toEqual(ok);
    expect(readFileSync(path, "utf8").trim()).toBe(value);
  });

  test.skipIf(!isRoot)("to a mount point, which cannot be replaced, writes in place", async () => {
    for (const name of ["source", "mounted"]) writeFileSync(fixture.path(name), "old content");
    const mount = Bun.spawnSync(["mount", "--bind", fixture.path("source"), fixture.path("mounted")]);
    if (!mount.success) return console.warn("skipped: mounting is not allowed here");
    try {
      expect(await fixture.writeFile("mounted", "new")).toEqual(ok);
      expect(await fixture.writeFile("mounted", large)).toEqual(ok);
      expect(readFileSync(fixture.path("source")).equals(large)).toBe(true);
      expect(fixture.names()).toEqual(["mounted", "source"]);
    } finally {
      Bun.spawnSync(["umount", fixture.path("mounted")]);
    }
  });

  test("to devices works, to a full one says so, to a FIFO is refused at once", async () => {
    const write = (path: string, data: string) =>
      fixture.call("fs/writeFile", { path: `file://${path}`, dataBase64: btoa(data) });
    expect(await write("/dev/null", "x")).toEqual(ok);
    expect(await write("/dev/full", "x")).toEqual(failure(-32603, "No space left on device (os error 28)"));
    Bun.spawnSync(["mkfifo", fixture.path("fifo")]);
    expect(await fixture.writeFile("fifo", "x")).toEqual(failure(-32600, "path `<T>/fifo` is not a file"));
  });

  test.each([
    ["a directory", "d", failure(-32603, "Is a directory (os error 21)")],
    ["no parent", "no/f", failure(-32004, "No such file or directory (os error 2)")],
    ["a file as parent", "f/x", failure(-32603, "Not a directory (os error 20)")],
    ["a name of 300 bytes", "x".repeat(300), failure(-32603, "Filename too long (os error 36)")],
  ])("to %s fails and leaves nothing", async (_, name, expected) => {
    mkdirSync(fixture.path("d"));
    writeFileSync(fixture.path("f"), "f");
    expect(await fixture.writeFile(name, "x")).toEqual(expected);
    expect(fixture.names()).toEqual(["d", "f"]);
  });

  test.each([
    ["YQ=!", "Invalid symbol 61, offset 2."],
    ["YQ", "Invalid padding"],
    ["YWJj\n", "Invalid symbol 10, offset 4."],
  ])("of the bad base64 %j is an invalid request", async (dataBase64, reason) => {
    expect(await fixture.call("fs/writeFile", { path: fixture.uri("f"), dataBase64 })).toEqual(
      failure(-32600, `fs/writeFile requires valid base64 dataBase64: ${reason}`),
    );
    expect(fixture.names()).toEqual([]);
  });

  test("of a name whose temporary name would be too long a path still works", async () => {
    const deep = "n".repeat(200);
    let directory = fixture.directory;
    while (directory.length + deep.length + 1 < 4060) {
      directory += `/${deep}`;
      mkdirSync(directory);
    }
    const path = `${directory}/${"f".repeat(4095 - directory.length - 1)}`.slice(0, 4095);
    expect(await fixture.call("fs/writeFile", { path: `file://${path}`, dataBase64: btoa("ok") })).toEqual(
      ok,
    );
    expect(readFileSync(path, "utf8")).toBe("ok");
  });
});
