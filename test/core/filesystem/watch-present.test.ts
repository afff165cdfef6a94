import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { sleep, until } from "../../support/wait.ts";
import { ScopeFixture } from "./scope-fixture.ts";

let fixture: ScopeFixture;
beforeEach(() => {
  fixture = new ScopeFixture();
  writeFileSync(fixture.path("file"), "");
  mkdirSync(fixture.path("directory"));
});
afterEach(() => fixture[Symbol.asyncDispose]());

const watch = (present: string) =>
  fixture.call("fs/watchMissing", {
    watchId: 1,
    missing: [fixture.uri("missing")],
    present: fixture.uri(present),
  });
const watching = (stands: boolean) => ({ result: { watching: stands } });
const notified = () => until(() => fixture.notifications.length > 0, 2000);

// The published client names the project's marker (.git) here.
describe("fs/watchMissing with a path that has to be present", () => {
  test("which is not, says that it does not watch", async () => {
    expect(await watch("nowhere")).toEqual(watching(false));
  });

  test.each([
    ["file", "is removed", () => rmSync(fixture.path("file"))],
    ["file", "is written", () => writeFileSync(fixture.path("file"), "more")],
    ["directory", "is renamed", () => renameSync(fixture.path("directory"), fixture.path("moved"))],
  ])("tells when the %s %s", async (present, _, happen) => {
    expect(await watch(present)).toEqual(watching(true));
    happen();
    expect(await notified()).toBe(true);
    expect(fixture.notifications).toEqual([{ method: "fs/missingChanged", params: { watchId: 1 } }]);
  });

  test("says nothing when something is made inside the directory, and still tells of the missing path", async () => {
    expect(await watch("directory")).toEqual(watching(true));
    writeFileSync(fixture.path("directory/inside"), "");
    await sleep(50);
    expect(fixture.notifications).toEqual([]);
    writeFileSync(fixture.path("missing"), "");
    expect(await notified()).toBe(true);
  });
});
