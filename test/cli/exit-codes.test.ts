import { expect, test } from "bun:test";
import { ExitCode, exitCodeRows, passedOnExitCodes } from "../../cli/exit-codes.ts";

test("the table of exit codes has those that can occur, and no other", () => {
  const codes = exitCodeRows([ExitCode.usage, ExitCode.linkLost]).map(([code]) => code);
  expect(codes).toEqual(["121", "123"]);
  const passedOn = passedOnExitCodes().map(([code]) => code);
  expect(passedOn).toEqual(["121", "122", "123", "124", "125", "other"]);
});
