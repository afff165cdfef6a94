import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { failure, ok, ScopeFixture } from "./scope-fixture.ts";

let fixture: ScopeFixture;
beforeEach(() => {
  fixture = new ScopeFixture();
  mkdirSync(fixture.path("d"));
  writeFileSync(fixture.path("d/x"), "x");
  writeFileSync(fixture.path("a"), "hello");
  symlinkSync("a", fixture.path("ln"));
  symlinkSync("d", fixture.path("lnd"));
  symlinkSync("missing", fixture.path("dangling"));
});
afterEach(() => fixture[Symbol.asyncDispose]());

const loop = failure(-32603, "Symbolic link loop (os error 40)");
const notDirectory = failure(-32603, "Not a directory (os error 20)");
const notFound = failure(-32004, "No such file or directory (os error 2)");
const hasLink = failure(-32600, "path contains a symbolic link");
const noFollow = { followSymlinks: false };
const withPath = (name: string, more = {}) => ({ path: fixture.uri(name), ...noFollow, ...more });

describe("without following links", () => {
  test.each([
    ["a", { result: { dataBase64: btoa("hello") } }],
    ["ln", loop],
    ["dangling", loop],
    ["lnd/x", notDirectory],
    ["nope", notFound],
    ["d", failure(-32600, "path is not a regular file")],
  ])("fs/readFile of %s", async (name, expected) => {
    expect(await fixture.call("fs/readFile", withPath(name))).toEqual(expected);
  });

  test.each([
    ["new", ok],
    ["a", ok],
    ["ln", loop],
    ["dangling", loop],
    ["lnd/x", notDirectory],
    ["nope/x", notFound],
    ["d", failure(-32603, "Is a directory (os error 21)")],
  ])("fs/writeFile of %s", async (name, expected) => {
    expect(await fixture.writeFile(name, "z".repeat(300_000), noFollow)).toEqual(expected);
    if (expected === ok) expect(fixture.content(name)).toHaveLength(300_000);
    expect(existsSync(fixture.path("missing"))).toBe(false);
    expect(fixture.names().filter((entry) => entry.endsWith(".tmp"))).toEqual([]);
  });

  test.each(["ln", "lnd", "dangling"])("fs/getMetadata of the link %s is refused", async (name) => {
    expect(await fixture.call("fs/getMetadata", withPath(name))).toEqual(hasLink);
  });

  test("fs/getMetadata of a file through real directories answers", async () => {
    expect(await fixture.call("fs/getMetadata", withPath("d/x"))).toMatchObject({
      result: { isFile: true, isSymlink: false, size: 1 },
    });
  });

  test("fs/createDirectory makes what is missing and stops at a link", async () => {
    expect(await fixture.call("fs/createDirectory", withPath("n/a/b"))).toEqual(ok);
    expect(lstatSync(fixture.path("n/a/b")).isDirectory()).toBe(true);
    expect(await fixture.call("fs/createDirectory", withPath("lnd/n"))).toEqual(notDirectory);
    expect(await fixture.call("fs/createDirectory", withPath("lnd"))).toEqual(notDirectory);
    const once = withPath("d", { recursive: false });
    expect(await fixture.call("fs/createDirectory", once)).toEqual(
      failure(-32603, "File exists (os error 17)"),
    );
  });

  test("fs/remove takes one entry, no tree and no link", async () => {
    const one = { recursive: false };
    expect(await fixture.call("fs/remove", withPath("a"))).toEqual(
      failure(-32603, "recursive no-follow removal is unsupported"),
    );
    expect(await fixture.call("fs/remove", withPath("ln", one))).toEqual(hasLink);
    expect(await fixture.call("fs/remove", withPath("lnd/x", one))).toEqual(notDirectory);
    expect(await fixture.call("fs/remove", withPath("nope", one))).toEqual(ok);
    expect(await fixture.call("fs/remove", withPath("nope", { ...one, force: false }))).toEqual(notFound);
    expect(await fixture.call("fs/remove", withPath("a", one))).toEqual(ok);
    expect(fixture.names()).toEqual(["d", "dangling", "ln", "lnd"]);
  });
});

test("a directory that is swapped for a link while requests run never lets one out", async () => {
  const outside = fixture.path("outside");
  mkdirSync(outside);
  writeFileSync(fixture.path("outside/f"), "secret");
  mkdirSync(fixture.path("swap"));
  writeFileSync(fixture.path("swap/f"), "mine");
  const script = `
    import { renameSync, symlinkSync, unlinkSync } from "node:fs";
    const base = ${JSON.stringify(fixture.directory)};
    console.log("ready");
    for (;;) {
      renameSync(base + "/swap", base + "/aside"); symlinkSync("outside", base + "/swap");
      unlinkSync(base + "/swap"); renameSync(base + "/aside", base + "/swap");
    }`;
  const swapper = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe" });
  try {
    await swapper.stdout.getReader().read();
    for (let round = 0; round < 400; round++) {
      const read = await fixture.call("fs/readFile", withPath("swap/f"));
      expect(JSON.stringify(read)).not.toContain(btoa("secret"));
      await fixture.writeFile("swap/f", "mine", noFollow);
      await fixture.call("fs/remove", withPath("swap/only-outside", { recursive: false }));
    }
  } finally {
    swapper.kill("SIGKILL");
    await swapper.exited;
  }
  expect(readFileSync(fixture.path("outside/f"), "utf8")).toBe("secret");
  // Put back what the swapper was in the middle of.
  if (existsSync(fixture.path("aside"))) {
    rmSync(fixture.path("swap"), { force: true });
    renameSync(fixture.path("aside"), fixture.path("swap"));
  }
});
