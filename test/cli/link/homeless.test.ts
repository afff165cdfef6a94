import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExitCode } from "../../../cli/exit-codes.ts";
import { ourCli } from "../../support/our-cli.ts";

/** A number that no account has. */
const nobody = "1234567";
const becoming = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
const canBecome = process.getuid?.() === 0 && Bun.spawnSync([...becoming, "true"]).exitCode === 0;
if (!canBecome) console.warn("not run: only root may become a number that has no account");

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "codex-env-homeless-"));
  chmodSync(place, 0o777);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

async function run(words: readonly string[], env: Readonly<Record<string, string>>) {
  const child = Bun.spawn([...becoming, ...ourCli(words)], {
    cwd: place,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, stdout, stderr };
}

const sentence =
  "where environments are configured is not known: HOME is not set, and this account has no home directory; set HOME or CODEX_HOME";

test.skipIf(!canBecome).each([
  ["exec -- true", ExitCode.notConnected, "codex-env exec"],
  ["connect", ExitCode.notConnected, "codex-env"],
  ["env list", 1, "codex-env env list"],
  ["status", 1, "codex-env status"],
])("an account without a home is told by %s what to set", async (words, code, speaker) => {
  expect(await run(words.split(" "), {})).toEqual({
    code,
    stdout: "",
    stderr: `${speaker}: ${sentence}\n`,
  });
});

test.skipIf(!canBecome)("with CODEX_HOME set it works as for anybody else", async () => {
  const env = { CODEX_HOME: place };
  expect(await run(["exec", "--", "echo", "hi"], env)).toEqual({ code: 0, stdout: "hi\n", stderr: "" });
  expect(await run(["status"], env)).toMatchObject({ code: 0, stderr: "" });
});
