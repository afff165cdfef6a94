import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readdirSync, readlinkSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { until } from "../../support/wait.ts";
import { failure, ok, ScopeFixture } from "./scope-fixture.ts";

let fixture: ScopeFixture;
beforeEach(() => {
  fixture = new ScopeFixture();
  writeFileSync(fixture.path("f"), "0123456789");
});
afterEach(() => fixture[Symbol.asyncDispose]());

const open = (handleId: string, name = "f", mode = "read") =>
  fixture.call("fs/open", { handleId, path: fixture.uri(name), mode });
const read = (handleId: string, offset: number | bigint, len: number) =>
  fixture.call("fs/readBlock", { handleId, offset, len });
const write = (handleId: string, offset: number | bigint, content: string) =>
  fixture.call("fs/writeBlock", { handleId, offset, chunk: Buffer.from(content).toString("base64") });
const chunk = (content: string, eof: boolean) => ({ result: { chunk: btoa(content), eof } });

/** Descriptors of this process that are open under the fixture's directory. */
function openDescriptors(): string[] {
  return readdirSync("/proc/self/fd").flatMap((descriptor) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${descriptor}`);
      return target.startsWith(fixture.directory) ? [target] : [];
    } catch {
      return [];
    }
  });
}

describe("file handles", () => {
  test("read blocks, and say that the file ends only when fewer bytes came", async () => {
    expect(await open("h")).toEqual({ result: { handleId: "h" } });
    expect(await read("h", 6, 4)).toEqual(chunk("6789", false));
    expect(await read("h", 8, 4)).toEqual(chunk("89", true));
    expect(await read("h", 10, 4)).toEqual(chunk("", true));
    expect(await read("h", 2 ** 60, 4)).toEqual(chunk("", true));
    expect(await fixture.call("fs/close", { handleId: "h" })).toEqual(ok);
    expect(await fixture.call("fs/close", { handleId: "h" })).toEqual(ok);
    expect(await read("h", 0, 1)).toEqual(failure(-32004, "unknown file handle `h`"));
  });

  test("write blocks at their offsets and leave holes", async () => {
    await open("w", "new", "replace");
    expect(await write("w", 0, "hello")).toEqual(ok);
    expect(await write("w", 10, "X")).toEqual(ok);
    expect(await write("w", 2, "LL")).toEqual(ok);
    expect(fixture.content("new")).toBe("heLLo\0\0\0\0\0X");
  });

  test.each([
    [0, failure(-32600, "file read block length must be between 1 and 1048576")],
    [1, chunk("0", false)],
    [1_048_576, chunk("0123456789", true)],
    [1_048_577, failure(-32600, "file read block length must be between 1 and 1048576")],
  ])("read a block of %d bytes", async (length, expected) => {
    await open("h");
    expect(await read("h", 0, length)).toEqual(expected);
  });

  test.each([
    [
      9_223_372_036_854_775_807n,
      failure(-32600, "file write range exceeds the signed 64-bit file offset limit"),
    ],
    [
      18_446_744_073_709_551_615n,
      failure(-32600, "file write range exceeds the signed 64-bit file offset limit"),
    ],
    [9_007_199_254_740_993n, failure(-32603, "File too large (os error 27)")],
    [2 ** 53 - 1, failure(-32603, "File too large (os error 27)")],
  ])("refuse to write at %d and stay as they are", async (offset, expected) => {
    await open("w", "f", "replace");
    await write("w", 0, "kept");
    expect(await write("w", offset, "x")).toEqual(expected);
    expect(fixture.content("f")).toBe("kept");
    expect(await write("w", 4, "!")).toEqual(ok);
  });

  test("close when a read fails, and stay when a write fails", async () => {
    await open("h");
    expect(await write("h", 0, "x")).toEqual(failure(-32603, "Bad file descriptor (os error 9)"));
    expect(await read("h", 18_446_744_073_709_551_615n, 4)).toEqual(
      failure(-32600, "Invalid argument (os error 22)"),
    );
    expect(await read("h", 0, 1)).toEqual(failure(-32004, "unknown file handle `h`"));
  });

  test("see the file grow, shrink and lose its name", async () => {
    await open("h");
    truncateSync(fixture.path("f"), 4);
    expect(await read("h", 0, 8)).toEqual(chunk("0123", true));
    expect(await read("h", 6, 2)).toEqual(chunk("", true));
    rmSync(fixture.path("f"));
    expect(await read("h", 0, 2)).toEqual(chunk("01", false));
  });

  test("are at most 128, with ids of at most 32 bytes of UTF-8", async () => {
    for (let index = 0; index < 127; index++) await open(`h${index}`);
    expect(await open("é".repeat(16))).toEqual({ result: { handleId: "é".repeat(16) } });
    expect(await open("one more")).toEqual(
      failure(-32600, "at most 128 file handles may be open per connection"),
    );
    expect(await open("é".repeat(17))).toEqual(failure(-32600, "file handle ID must not exceed 32 bytes"));
    expect(await open("h0")).toEqual(failure(-32600, "file handle `h0` already exists"));
    await fixture.call("fs/close", { handleId: "h0" });
    expect(await open("h0")).toEqual({ result: { handleId: "h0" } });
  });

  test("are closed with their connection, after the read that still runs", async () => {
    writeFileSync(fixture.path("big"), Buffer.alloc(1024 * 1024, 7));
    await open("h", "big");
    await open("i");
    expect(openDescriptors()).toHaveLength(2);
    const running = read("h", 0, 1024 * 1024);
    fixture.scope[Symbol.dispose]();
    expect(await running).toMatchObject({ result: { eof: false } });
    expect(await until(() => openDescriptors().length === 0, 2000)).toBe(true);
    await expect(async () => fixture.scope.handle("fs/close", { handleId: "h" })).toThrow("has ended");
  });
});
