import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ourCli } from "../../../test/support/our-cli.ts";
import { milliseconds } from "../statistics.ts";
import type { Bench, Row, Workload } from "../workload.ts";

const count = 1_000;

/** By websocket and by program in turn. */
function entryOf(index: number): string {
  const id = `[[environments]]\nid = "box-${index}"\n`;
  if (index % 2 === 0) return `${id}url = "wss://box-${index}.example.org/exec"\n`;
  return `${id}program = "ssh"\nargs = ["-T", "-o", "BatchMode=yes", "--", "me@box-${index}", "codex-env serve --listen stdio"]\ninitialize_timeout_sec = 30\n`;
}

/** The whole process of `codex-env env list`. */
async function list(bench: Bench): Promise<Row> {
  const home = mkdtempSync(join(tmpdir(), "codex-env-bench-"));
  try {
    const entries = Array.from({ length: count }, (_, index) => entryOf(index));
    writeFileSync(join(home, "environments.toml"), entries.join("\n"));
    const times: number[] = [];
    for (let i = 0; i < 21 * bench.scale; i++) times.push(await timeOf(home));
    return milliseconds("", times);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function timeOf(home: string): Promise<number> {
  const begun = performance.now();
  const child = Bun.spawn(ourCli(["env", "list"]), {
    env: { PATH: process.env["PATH"], HOME: home, CODEX_HOME: home },
    stdout: "pipe",
    stderr: "inherit",
  });
  const printed = await child.stdout.text();
  await child.exited;
  const taken = performance.now() - begun;
  const lines = printed.trimEnd().split("\n").length;
  // This machine is one more.
  if (lines !== count + 1) throw new Error(`${lines} lines were printed`);
  return taken;
}

export const listingWorkload: Workload = {
  key: "list_1000",
  title: "(k) `env list` of 1,000 environments, the whole process",
  alone: true,
  run: list,
};
