import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
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
  mkdirSync(fixture.path("empty"));
  symlinkSync("d", fixture.path("lnd"));
});
afterEach(() => fixture[Symbol.asyncDispose]());

const remove = (name: string, options = {}) =>
  fixture.call("fs/remove", { path: fixture.uri(name), ...options });
const notFound = failure(-32004, "No such file or directory (os error 2)");

describe("fs/remove", () => {
  test("takes files, trees and links, not what a link leads to", async () => {
    symlinkSync("../a", fixture.path("d/out"));
    expect(await remove("lnd")).toEqual(ok);
    expect(existsSync(fixture.path("d/x"))).toBe(true);
    expect(await remove("d")).toEqual(ok);
    expect(await remove("a", { recursive: false })).toEqual(ok);
    expect(fixture.names()).toEqual(["empty"]);
  });

  test("takes a tree with names that are not UTF-8, FIFOs and deep paths", async () => {
    writeFileSync(Buffer.concat([Buffer.from(fixture.path("d/bad")), Buffer.from([0xff])]), "");
    Bun.spawnSync(["mkfifo", fixture.path("d/fifo")]);
    // Deeper than a path may be long: one long chain moved to the end of another.
    const chain = Array(12).fill("n".repeat(250)).join("/");
    for (const name of ["d", "other"]) mkdirSync(fixture.path(`${name}/${chain}`), { recursive: true });
    renameSync(fixture.path("other"), fixture.path(`d/${chain}/other`));
    expect(await remove("d")).toEqual(ok);
    expect(existsSync(fixture.path("d"))).toBe(false);
  });

  test("of a missing path is fine with force, and only then", async () => {
    expect(await remove("nope")).toEqual(ok);
    expect(await remove("nope", { force: null })).toEqual(ok);
    expect(await remove("nope", { force: false })).toEqual(notFound);
    expect(await remove("a/x")).toEqual(failure(-32603, "Not a directory (os error 20)"));
  });

  test("without recursive takes only an empty directory", async () => {
    expect(await remove("d", { recursive: false })).toEqual(
      failure(-32603, "Directory not empty (os error 39)"),
    );
    expect(await remove("empty", { recursive: false })).toEqual(ok);
    expect(readFileSync(fixture.path("d/x"), "utf8")).toBe("x");
  });

  test("of the root directory is refused", async () => {
    const refused = failure(-32600, "fs/remove does not remove the root directory");
    expect(await fixture.call("fs/remove", { path: "file:///" })).toEqual(refused);
    expect(await fixture.call("fs/remove", { path: "file:///tmp/.." })).toEqual(refused);
    expect(lstatSync("/").isDirectory()).toBe(true);
  });
});
