import { expect, test } from "bun:test";
import { ExitCode, exitCodesList, exitCodesNote } from "../../cli/exit-codes.ts";

test("the table of exit codes has those that can occur, and no other", () => {
  const list = exitCodesList([ExitCode.usage, ExitCode.linkLost]);
  expect(list.match(/^ {2}\d+/gm)).toEqual(["  121", "  123"]);
  expect(list).not.toContain("Any other code");
  expect(exitCodesNote().match(/^ {2}\d+/gm)).toEqual(["  121", "  122", "  123", "  124", "  125"]);
});
