import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failure, ScopeFixture } from "./scope-fixture.ts";

const mountPoint = mkdtempSync(join(tmpdir(), "codex-env-full-"));
const mounted = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=1m", "none", mountPoint]).success;
if (!mounted) console.warn("skipped: a full disk needs a tmpfs, and mounting is not allowed here");

afterAll(() => {
  if (mounted) Bun.spawnSync(["umount", mountPoint]);
  rmSync(mountPoint, { recursive: true, force: true });
});

const full = failure(-32603, "No space left on device (os error 28)");

describe.skipIf(!mounted)("on a full disk", () => {
  test.each([
    ["small", 200 * 1024],
    ["large", 700 * 1024],
  ])("a %s write keeps the old file and leaves no temporary one", async (_, size) => {
    await using fixture = new ScopeFixture(mountPoint);
    writeFileSync(fixture.path("old"), "the old content");
    writeFileSync(fixture.path("filler"), Buffer.alloc(1024 * 1024 - 120 * 1024));
    expect(await fixture.writeFile("old", Buffer.alloc(size, 7))).toEqual(full);
    expect(readFileSync(fixture.path("old"), "utf8")).toBe("the old content");
    expect(await fixture.writeFile("new", Buffer.alloc(size, 7))).toEqual(full);
    expect(fixture.names()).toEqual(["filler", "old"]);
  });

  test("a block that does not fit says so and the handle lives", async () => {
    await using fixture = new ScopeFixture(mountPoint);
    await fixture.call("fs/open", { handleId: "h", path: fixture.uri("f"), mode: "replace" });
    const block = (offset: number, size: number) =>
      fixture.call("fs/writeBlock", {
        handleId: "h",
        offset,
        chunk: Buffer.alloc(size, 7).toString("base64"),
      });
    await block(0, 1024 * 1024 - 64 * 1024);
    expect(await block(1024 * 1024, 1024 * 1024)).toEqual(full);
    expect(await block(0, 10)).toEqual({ result: {} });
  });

  test("a copy that does not fit says so", async () => {
    await using fixture = new ScopeFixture(mountPoint);
    writeFileSync(fixture.path("source"), Buffer.alloc(700 * 1024));
    const copy = {
      sourcePath: fixture.uri("source"),
      destinationPath: fixture.uri("copy"),
      recursive: false,
    };
    expect(await fixture.call("fs/copy", copy)).toEqual(full);
  });
});

test.skipIf(!mounted)("no handle of these tests keeps the disk busy", () => {
  expect(readdirSync(mountPoint)).toEqual([]);
});
