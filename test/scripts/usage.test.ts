import { expect, test } from "bun:test";
import { root } from "../../scripts/root.ts";

function ran(command: readonly string[]): {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
} {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...command], { cwd: root });
  return { code: exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

const gate = [process.execPath, "scripts/gate/main.ts"];

test.each([
  [[...gate, "--only", "nosuch"], "there is no stage nosuch"],
  [[...gate, "--only"], "--only needs a stage"],
  [[...gate, "--nosuch"], "--nosuch is not known"],
  [["scripts/build", "--nosuch"], "--nosuch is not known"],
])("%j exits with 2, says what is wrong, and does nothing", (command, sentence) => {
  expect(ran(command)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(sentence) });
});

test.each([
  [[...gate, "--help"], "scripts/test --only NAME"],
  [["scripts/build", "--help"], "scripts/build --all"],
])("%j tells how it is used, and does nothing", (command, line) => {
  expect(ran(command)).toMatchObject({ code: 0, stdout: expect.stringContaining(line), stderr: "" });
});
