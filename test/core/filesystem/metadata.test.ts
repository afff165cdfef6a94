import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { failure, ok, ScopeFixture } from "./scope-fixture.ts";

let fixture: ScopeFixture;
beforeEach(() => {
  fixture = new ScopeFixture();
  writeFileSync(fixture.path("a"), "hello");
  mkdirSync(fixture.path("d"));
  writeFileSync(fixture.path("d/x"), "");
  symlinkSync("a", fixture.path("ln"));
  symlinkSync("d", fixture.path("lnd"));
  symlinkSync("missing", fixture.path("dangling"));
});
afterEach(() => fixture[Symbol.asyncDispose]());

const call = (
  method: "fs/getMetadata" | "fs/canonicalize" | "fs/readDirectory" | "fs/createDirectory",
  name: string,
) => fixture.call(method, { path: fixture.uri(name) });
const notFound = failure(-32004, "No such file or directory (os error 2)");
const notDirectory = failure(-32603, "Not a directory (os error 20)");

describe("fs/getMetadata", () => {
  test("tells kind, size and whole milliseconds, and when the file was made", async () => {
    const before = Date.now();
    utimesSync(fixture.path("a"), 1_600_000_000.123, 1_500_000_000.456);
    const { result } = (await call("fs/getMetadata", "a")) as { result: { createdAtMs: number } };
    const { createdAtMs, ...rest } = result;
    expect(rest).toEqual({
      isDirectory: false,
      isFile: true,
      isSymlink: false,
      size: 5,
      modifiedAtMs: 1_500_000_000_456,
    } as never);
    expect(Number.isInteger(createdAtMs)).toBe(true);
    expect(Math.abs(createdAtMs - before)).toBeLessThan(60_000);
  });

  test("of a link tells of its target", async () => {
    expect(await call("fs/getMetadata", "lnd")).toMatchObject({
      result: { isDirectory: true, isSymlink: true },
    });
    expect(await call("fs/getMetadata", "dangling")).toEqual(notFound);
  });

  test("answers at once: no promise is made for it", () => {
    const path = { path: fixture.uri("a") };
    expect(fixture.call("fs/getMetadata", path)).toBeInstanceOf(Promise);
    expect(fixture.handle("fs/getMetadata", path)).not.toBeInstanceOf(Promise);
  });

  test("waits for the write before it, and tells of what that wrote", async () => {
    const written = fixture.writeFile("a", Buffer.alloc(1_000_000));
    const asked = call("fs/getMetadata", "a");
    expect(await asked).toMatchObject({ result: { size: 1_000_000 } });
    expect(await written).toEqual(ok);
  });
});

describe("fs/canonicalize", () => {
  test("answers in the form of the question", async () => {
    expect(await call("fs/canonicalize", "lnd/x")).toEqual({ result: { path: fixture.uri("d/x") } });
    expect(await fixture.call("fs/canonicalize", { path: fixture.path("ln") })).toEqual({
      result: { path: fixture.path("a") },
    });
  });

  test("needs the path to exist, and does not open it", async () => {
    Bun.spawnSync(["mkfifo", fixture.path("fifo")]);
    expect(await call("fs/canonicalize", "fifo")).toEqual({ result: { path: fixture.uri("fifo") } });
    expect(await call("fs/canonicalize", "dangling")).toEqual(notFound);
    expect(await call("fs/canonicalize", "a/x")).toEqual(notDirectory);
  });
});

describe("fs/readDirectory", () => {
  const sorted = async (name: string) => {
    const { result } = (await call("fs/readDirectory", name)) as {
      result: { entries: { fileName: string }[] };
    };
    return result.entries.sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
  };

  test("tells of a link's target and leaves dangling links out", async () => {
    Bun.spawnSync(["mkfifo", fixture.path("fifo")]);
    expect(await sorted("")).toEqual([
      { fileName: "a", isDirectory: false, isFile: true },
      { fileName: "d", isDirectory: true, isFile: false },
      { fileName: "fifo", isDirectory: false, isFile: false },
      { fileName: "ln", isDirectory: false, isFile: true },
      { fileName: "lnd", isDirectory: true, isFile: false },
    ] as never);
  });

  test("shows bytes that are not UTF-8 as U+FFFD, and still tells what they name", async () => {
    mkdirSync(Buffer.concat([Buffer.from(fixture.path("d/bad")), Buffer.from([0xff])]));
    expect(await sorted("d")).toEqual([
      { fileName: "bad\uFFFD", isDirectory: true, isFile: false },
      { fileName: "x", isDirectory: false, isFile: true },
    ] as never);
  });

  test("of a file or of nothing says so", async () => {
    expect(await call("fs/readDirectory", "a")).toEqual(notDirectory);
    expect(await call("fs/readDirectory", "nope")).toEqual(notFound);
  });

  test("of 50,000 entries lists them all, of one more says how many are too many", async () => {
    await using large = new ScopeFixture(existsSync("/dev/shm") ? "/dev/shm" : tmpdir());
    for (let index = 0; index < 50_000; index++) writeFileSync(large.path(String(index)), "");
    const list = () => large.call("fs/readDirectory", { path: large.uri("") });
    expect(((await list()) as { result: { entries: unknown[] } }).result.entries).toHaveLength(50_000);
    writeFileSync(large.path("one more"), "");
    expect(await list()).toEqual(failure(-32603, "fs/readDirectory returned 50001 entries; limit is 50000"));
  });
});

describe("fs/createDirectory", () => {
  test("makes parents, and is content with a directory that is there", async () => {
    expect(await call("fs/createDirectory", "n/o/p")).toEqual(ok);
    expect(await call("fs/createDirectory", "n/o/p")).toEqual(ok);
    expect(await call("fs/createDirectory", "lnd")).toEqual(ok);
    expect(await call("fs/createDirectory", "lnd/q")).toEqual(ok);
    expect(fixture.names()).toContain("n");
  });

  test.each([
    ["a", failure(-32603, "File exists (os error 17)")],
    ["dangling", failure(-32603, "File exists (os error 17)")],
    ["dangling/x", failure(-32603, "File exists (os error 17)")],
    ["a/x/y", notDirectory],
  ])("over %s fails", async (name, expected) => {
    expect(await call("fs/createDirectory", name)).toEqual(expected);
  });

  test("without recursive makes exactly one", async () => {
    const once = (name: string) =>
      fixture.call("fs/createDirectory", { path: fixture.uri(name), recursive: false });
    expect(await once("n/o")).toEqual(notFound);
    expect(await once("n")).toEqual(ok);
    expect(await once("n")).toEqual(failure(-32603, "File exists (os error 17)"));
  });
});
