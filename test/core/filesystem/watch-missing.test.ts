import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { sleep, until } from "../../support/wait.ts";
import { ScopeFixture } from "./scope-fixture.ts";

let fixture: ScopeFixture;
beforeEach(() => {
  fixture = new ScopeFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

const watch = (watchId: number | bigint, ...names: string[]) =>
  fixture.call("fs/watchMissing", {
    watchId,
    missing: names.map((name) => (name.includes("://") ? name : fixture.uri(name))),
  });
const watching = (stands: boolean) => ({ result: { watching: stands } });
const changed = (watchId: number | bigint) => ({ method: "fs/missingChanged", params: { watchId } });
const notified = () => until(() => fixture.notifications.length > 0, 2000);

describe("fs/watchMissing", () => {
  test("tells once when a path appears, with the exact id", async () => {
    const id = 18_446_744_073_709_551_615n;
    expect(await watch(id, "one", "two")).toEqual(watching(true));
    writeFileSync(fixture.path("unrelated"), "");
    await sleep(50);
    expect(fixture.notifications).toEqual([]);
    writeFileSync(fixture.path("one"), "");
    expect(await notified()).toBe(true);
    writeFileSync(fixture.path("two"), "");
    await sleep(50);
    expect(fixture.notifications).toEqual([changed(id)]);
  });

  test.each([
    ["a missing parent appears", () => mkdirSync(fixture.path("deep"))],
    ["the nearest directory moves away", () => renameSync(fixture.path("home"), fixture.path("gone"))],
  ])("tells when %s", async (_, happen) => {
    mkdirSync(fixture.path("home"));
    expect(await watch(1, "deep/er/file", "home/file")).toEqual(watching(true));
    happen();
    expect(await notified()).toBe(true);
    expect(fixture.notifications).toEqual([changed(1)]);
  });

  test.each([
    ["nothing", () => []],
    ["a path that exists", () => ["missing", "f"]],
    ["a path under a file", () => ["f/x"]],
    ["a dangling link", () => ["dangling"]],
    ["a path through a link", () => ["linked/x"]],
    ["a name of 300 bytes", () => ["x".repeat(300)]],
    ["procfs", () => ["missing", "file:///proc/nope"]],
    ["sysfs", () => ["file:///sys/nope"]],
    ["another host", () => ["file://otherhost/x"]],
    ["65 paths", () => Array.from({ length: 65 }, (_, index) => `m${index}`)],
  ])("of %s says that it does not watch", async (_, names) => {
    writeFileSync(fixture.path("f"), "");
    mkdirSync(fixture.path("d"));
    symlinkSync("nowhere", fixture.path("dangling"));
    symlinkSync("d", fixture.path("linked"));
    expect(await watch(1, ...names())).toEqual(watching(false));
  });

  test("watches 64 paths", async () => {
    expect(await watch(1, ...Array.from({ length: 64 }, (_, index) => `m${index}`))).toEqual(watching(true));
  });

  test("keeps one watch: ids must grow, and any newer call ends the older watch", async () => {
    expect(await watch(5, "a")).toEqual(watching(true));
    expect(await watch(6, "b")).toEqual(watching(true));
    expect(await watch(4, "c")).toEqual(watching(false));
    expect(await watch(6, "d")).toEqual(watching(false));
    for (const name of ["a", "c", "d"]) writeFileSync(fixture.path(name), "");
    await sleep(50);
    expect(fixture.notifications).toEqual([]);
    writeFileSync(fixture.path("b"), "");
    expect(await notified()).toBe(true);
    expect(fixture.notifications).toEqual([changed(6)]);
    expect(await watch(7, "e")).toEqual(watching(true));
    expect(await watch(8, "b")).toEqual(watching(false));
    writeFileSync(fixture.path("e"), "");
    await sleep(50);
    expect(fixture.notifications).toEqual([changed(6)]);
  });

  test.each([
    ["removed", () => rmSync(fixture.path("kept"))],
    ["written", () => writeFileSync(fixture.path("kept"), "longer")],
    ["replaced", () => renameSync(fixture.path("other"), fixture.path("kept"))],
  ])("tells when the path that must be present is %s", async (_, happen) => {
    for (const name of ["kept", "other"]) writeFileSync(fixture.path(name), name);
    const params = { watchId: 1, missing: [fixture.uri("deep/x")], present: fixture.uri("kept") };
    expect(await fixture.call("fs/watchMissing", params)).toEqual(watching(true));
    happen();
    expect(await notified()).toBe(true);
    expect(fixture.notifications).toEqual([changed(1)]);
  });

  test("does not begin where the path that must be present is missing", async () => {
    const params = { watchId: 1, missing: [fixture.uri("x")], present: fixture.uri("nope") };
    expect(await fixture.call("fs/watchMissing", params)).toEqual(watching(false));
  });

  test("ends with its connection", async () => {
    await watch(1, "a");
    fixture.scope[Symbol.dispose]();
    writeFileSync(fixture.path("a"), "");
    await sleep(50);
    expect(existsSync(fixture.path("a"))).toBe(true);
    expect(fixture.notifications).toEqual([]);
  });
});
