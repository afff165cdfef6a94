import { expect, test } from "bun:test";
import { modeFor } from "../../cli/modes.ts";

test.each([
  ["codex-env", "command line"],
  ["/usr/local/bin/codex-env", "command line"],
  ["codex-env-linux-x64", "command line"],
  ["./codex-fs", "filesystem helper"],
  ["codex-linux-sandbox", "sandbox launcher"],
  ["/opt/codex-fs/codex-env", "command line"],
  ["", "command line"],
] as const)("called as %p it is the %s", (argv0, mode) => {
  expect(modeFor(argv0)).toBe(mode);
});
