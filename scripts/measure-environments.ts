import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./root.ts";

/** `bun scripts/measure-environments.ts [BINARY]`: how long `env list` takes with many environments, process start included. */

const count = 1_000;
const runs = 21;
/** The promise, ms. */
const promised = 50;

const binary = Bun.argv[2] ?? `${root}/dist/codex-env`;
const home = mkdtempSync(join(tmpdir(), "codex-env-measured-"));
try {
  const entries = Array.from({ length: count }, (_, index) => entryOf(index));
  writeFileSync(join(home, "environments.toml"), entries.join("\n"));
  const times: number[] = [];
  for (let run = 0; run < runs; run++) times.push(await timeOf([binary, "env", "list"]));
  times.sort((one, other) => one - other);
  const median = times[runs >> 1] ?? Number.NaN;
  const worst = times.at(-1) ?? Number.NaN;
  console.log(
    `${count} environments listed in ${median.toFixed(1)} ms (median of ${runs} runs, ${times[0]?.toFixed(1)} to ${worst.toFixed(1)} ms; promised: ${promised} ms)`,
  );
  process.exitCode = median < promised ? 0 : 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** By websocket and by program in turn. */
function entryOf(index: number): string {
  const id = `[[environments]]\nid = "box-${index}"\n`;
  if (index % 2 === 0) return `${id}url = "wss://box-${index}.example.org/exec"\n`;
  return `${id}program = "ssh"\nargs = ["-T", "-o", "BatchMode=yes", "--", "me@box-${index}", "codex-env serve --listen stdio"]\ninitialize_timeout_sec = 30\n`;
}

async function timeOf(command: readonly string[]): Promise<number> {
  const started = performance.now();
  const child = Bun.spawn([...command], {
    env: { PATH: process.env["PATH"], HOME: home, CODEX_HOME: home },
    stdout: "pipe",
    stderr: "inherit",
  });
  const printed = await child.stdout.text();
  await child.exited;
  const taken = performance.now() - started;
  const lines = printed.trimEnd().split("\n").length;
  // This machine is one more.
  if (lines !== count + 1) throw new Error(`${lines} lines were printed`);
  return taken;
}
