import { expect, test } from "bun:test";
import { isSandboxWrapper } from "../../../core/process/sandbox-wrapper.ts";

for (const [argv, arg0, is] of [
  [["/home/me/.codex/codex-linux-sandbox", "--permission-profile", "{}"], null, true],
  [["codex-linux-sandbox"], null, true],
  [["/proc/self/exe", "true"], "codex-linux-sandbox", true],
  [["/proc/self/exe", "true"], "/x/codex-linux-sandbox", true],
  [["/bin/sh", "-c", "codex-linux-sandbox"], null, false],
  [["/x/codex-linux-sandbox/sh"], "sh", false],
  [["codex-linux-sandbox2"], "", false],
] as const) {
  test(`a start of ${argv.join(" ")} as ${arg0} ${is ? "asks for a sandbox" : "does not ask for a sandbox"}`, () => {
    expect(isSandboxWrapper(argv, arg0)).toBe(is);
  });
}
