import { expect, test } from "bun:test";
import { join } from "node:path";
import { TerminalProgram } from "../../support/terminal-program.ts";

const source = join(import.meta.dir, "../../../cli/terminal/reads-keys.ts");
const script = `console.log("reads keys: " + require(${JSON.stringify(source)}).readsKeys())`;
const program = `'${process.execPath}' -e '${script}'`;

test("a program in the foreground of its terminal reads keys, one in the background does not", async () => {
  const line = `set -m; ${program}; ${program} & wait; ${program} </dev/null`;
  await using terminal = new TerminalProgram(["/bin/sh", "-c", line]);
  for (const answer of ["true", "false", "false"]) await terminal.see(`reads keys: ${answer}\r\n`);
  expect(await terminal.exitCode()).toBe(0);
});
