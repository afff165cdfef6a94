import { expect, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { withGuardianImage } from "../../../../core/process/local/guardian-image.ts";
import { privateDirectory } from "../../../../core/sandbox/launch/private-directory.ts";

test("the guardian's program is in memory, executable, and gone after use", () => {
  const path = withGuardianImage((image) => {
    expect(statSync(image).mode & 0o777).toBe(0o500);
    return image;
  });
  expect(path).toStartWith(`/proc/${process.pid}/fd/`);
  expect(existsSync(path)).toBe(false);
});

test("the guardian's program comes from a private file where memory cannot be run, and the file is removed", () => {
  const paths: string[] = [];
  withGuardianImage((image) => {
    paths.push(image);
    if (paths.length === 1) throw new Error("EACCES");
    expect(statSync(image).mode & 0o777).toBe(0o500);
    expect(statSync(dirname(image)).mode & 0o777).toBe(0o700);
    // Where no sandboxed command can write it before it is executed.
    expect(image).toStartWith(`${privateDirectory().path}/`);
  });
  expect(paths).toHaveLength(2);
  expect(existsSync(paths[1] ?? "")).toBe(false);
});

test("the guardian's program that cannot be run anywhere says why", () => {
  expect(() =>
    withGuardianImage(() => {
      throw new Error("why");
    }),
  ).toThrow("why");
});
