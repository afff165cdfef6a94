import { describe, expect, test } from "bun:test";
import { isCompatible } from "../../../../core/environment/install/compatible-version.ts";
import {
  examineExecutable,
  executableKind,
} from "../../../../core/environment/install/examine-executable.ts";
import * as scripts from "../../../../core/environment/install/target-scripts.ts";
import { builtBinary } from "../../../support/built-binary.ts";

test.each([
  ["0.1.0", "0.1.0", true],
  ["0.1.3", "0.1.0", true],
  ["0.1.0", "0.1.1", false],
  ["0.2.0", "0.1.0", false],
  ["1.4.0", "1.3.9", true],
  ["1.3.9", "1.4.0", false],
  ["2.0.0", "1.0.0", false],
  ["0.1.0-rc.1", "0.1.0", false],
  ["", "0.1.0", false],
  ["codex-env: not found", "0.1.0", false],
])("version %p there serves ours, %p: %p", (theirs, ours, compatible) => {
  expect(isCompatible(theirs, ours)).toBe(compatible);
});

test.each(Object.entries(scripts))(
  "the script %s is the same between single quotes to every login shell",
  (_, text) => {
    expect(text).not.toMatch(/['\\!\n\r\t]/);
  },
);

describe("an executable", () => {
  test("of ours is for this machine", () => {
    const machine = process.arch === "arm64" ? "arm64" : "x64";
    expect(examineExecutable(builtBinary)).toMatchObject({ machine });
  });

  test("that is a script, empty or cut off is none that we know", () => {
    expect(examineExecutable(import.meta.path)).toBeUndefined();
    expect(executableKind(new Uint8Array())).toBeUndefined();
    expect(executableKind(new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1]))).toBeUndefined();
  });
});
