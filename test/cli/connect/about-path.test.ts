import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../../support/our-cli.ts";

let home: string;
beforeAll(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "codex-env-about-")));
  writeFileSync(join(home, "file"), "");
  mkdirSync(join(home, "full/of"), { recursive: true });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const missing = "No such file or directory (os error 2)";

test.each([
  [".cd no", `HOME/no: ${missing}`],
  [".cd file", "HOME/file is not a directory"],
  [".ls no", `HOME/no: ${missing}`],
  [".ls file", "HOME/file: Not a directory (os error 20)"],
  [".cat file no", `HOME/no: ${missing}`],
  [".cat full", "path `HOME/full` is not a file"],
  [".stat file no", `HOME/no: ${missing}`],
  [".find no x", `HOME/no: ${missing}`],
  [".rm no", `HOME/no: ${missing}`],
  [".rm full", "HOME/full: Directory not empty (os error 39)"],
  [".mkdir no/a", `HOME/no/a: ${missing}`],
  [".mkdir full", "HOME/full: File exists (os error 17)"],
  [".cp no b", `HOME/no to HOME/b: ${missing}`],
  [".cp full b", "HOME/full to HOME/b: it is a directory; -r copies directories"],
])("%s says which file it is about", async (line, sentence) => {
  const env = { CODEX_HOME: home, HOME: home, XDG_STATE_HOME: home };
  const { code, stderr } = await runCli(["connect"], { cwd: home, env, stdin: `${line}\n` });
  const [name] = line.split(" ");
  expect(stderr).toBe(`codex-env: ${name}: ${sentence.replaceAll("HOME", home)}\n`);
  expect(code).toBeGreaterThan(0);
});
