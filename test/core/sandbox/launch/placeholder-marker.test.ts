import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { holdPlaceholder, releasePlaceholder } from "../../../../core/sandbox/launch/placeholder.ts";
import { standsToStay } from "../../../../core/sandbox/launch/placeholder-marker.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "marker-")));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(["directory", "file"] as const)(
  "a placeholder that is a %s is not reckoned with, nor is what is not there; once it is filled it is",
  async (kind) => {
    const path = join(folder, kind);
    const held = await holdPlaceholder({ path, kind }, folder);
    if (held === undefined) throw new Error("it is not held");
    expect(standsToStay(path)).toBe(false);
    writeFileSync(kind === "file" ? path : join(path, "x"), "mine");
    expect(standsToStay(path)).toBe(true);
    rmSync(kind === "file" ? path : join(path, "x"));
    releasePlaceholder(held);
    expect(standsToStay(path)).toBe(false);
    expect(standsToStay(join(path, "below"))).toBe(false);
  },
);

test("somebody's own empty things are reckoned with", () => {
  mkdirSync(join(folder, "empty"));
  writeFileSync(join(folder, "note"), "");
  expect([standsToStay(join(folder, "empty")), standsToStay(join(folder, "note"))]).toEqual([true, true]);
  expect(standsToStay(join(folder, "note/below"))).toBe(false);
});
