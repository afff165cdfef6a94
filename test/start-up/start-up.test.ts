import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtBinary } from "../support/built-binary.ts";
import { residentMiB, treeOf } from "../support/process-tree.ts";
import { startTestServer } from "../support/test-server.ts";
import { until } from "../support/wait.ts";
import { WireClient } from "../support/wire-client.ts";
import { compileEmptyProgram } from "./empty-program.ts";
import { bestFirstLinesMs } from "./first-line.ts";

// Held against an empty compiled program, which is the same on every machine. In brackets what was measured.
const atMost = {
  /** The issue's own mark (0.95). */
  versionTimes: 1.5,
  helpTimes: 1.5,
  /** (1.5); 0.85 of the published server would be about 1.8. */
  listeningTimes: 2,
  /** (0.7); 0.85 of the published server would be about 1.4. */
  idleMemoryTimes: 1,
  /** (0.9); 0.85 of the published server would be about 1.6. */
  clientMemoryTimes: 1.2,
};

let place = "";
let empty = "";
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "codex-env-start-up-"));
  empty = await compileEmptyProgram(place);
});
afterAll(() => rm(place, { recursive: true }));

const tell = (what: string, value: number, base: number, unit: string): number => {
  console.log(`${what}: ${value.toFixed(1)} ${unit}, ${(value / base).toFixed(2)} of an empty program`);
  return value / base;
};

test("the version, the help and the listening line come almost as soon as an empty program's first line", async () => {
  const best = await bestFirstLinesMs(
    {
      empty: [empty],
      version: [builtBinary, "--version"],
      help: [builtBinary, "--help"],
      serve: [builtBinary, "serve"],
    },
    20,
  );
  expect(tell("--version", best.version, best.empty, "ms")).toBeLessThan(atMost.versionTimes);
  expect(tell("--help", best.help, best.empty, "ms")).toBeLessThan(atMost.helpTimes);
  expect(tell("listening", best.serve, best.empty, "ms")).toBeLessThan(atMost.listeningTimes);
});

test("an idle server holds no more memory than an empty program, and little more with a client", async () => {
  const base = await emptyMiB();
  await using server = await startTestServer({ command: [builtBinary, "serve"] });
  const resident = (): number => residentMiB(treeOf(server.pid));
  await until(() => resident() < atMost.idleMemoryTimes * base, 5_000);
  expect(tell("idle", resident(), base, "MiB")).toBeLessThan(atMost.idleMemoryTimes);
  const client = await WireClient.open(server.url);
  await until(() => resident() < atMost.clientMemoryTimes * base, 5_000);
  expect(tell("one client", resident(), base, "MiB")).toBeLessThan(atMost.clientMemoryTimes);
  await client.close();
});

async function emptyMiB(): Promise<number> {
  const child = Bun.spawn([empty], { stdin: "ignore", stdout: "pipe" });
  try {
    await child.stdout.getReader().read();
    return residentMiB([child.pid]);
  } finally {
    child.kill();
    await child.exited;
  }
}
