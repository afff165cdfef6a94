import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { probeMemory } from "../../../../core/sandbox/host/probe-memory.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "codex-env-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const probed = { version: "0.8.0" };

test("what one process keeps another recalls, for the same file only, and nobody else may read it", () => {
  probeMemory(folder).keep("one", probed);
  expect(probeMemory(folder).recall("one")).toEqual(probed);
  expect(probeMemory(folder).recall("another")).toBeUndefined();
  expect(readdirSync(folder)).toEqual(["bubblewrap.json"]);
  expect(statSync(join(folder, "bubblewrap.json")).mode & 0o777).toBe(0o600);
});

test("in another container it is not believed", async () => {
  probeMemory(folder).keep("one", probed);
  const module = join(import.meta.dir, "../../../../core/sandbox/host/probe-memory.ts");
  const script = `import { probeMemory } from "${module}"; console.log(probeMemory("${folder}").recall("one") === undefined)`;
  const run = Bun.spawn(["unshare", "-Urm", process.execPath, "-e", script], { stdout: "pipe" });
  expect(await run.stdout.text()).toBe("true\n");
});

test.each([
  ["nothing", ""],
  ["no JSON", "{"],
  ["something else", '{"known":1}'],
  ["too much", `{"known":"${"x".repeat(20_000)}"}`],
])("a file that holds %s is as good as none", (_, text) => {
  writeFileSync(join(folder, "bubblewrap.json"), text);
  expect(probeMemory(folder).recall("one")).toBeUndefined();
});

test("what is forgotten is gone, and forgetting nothing is fine", () => {
  probeMemory(folder).keep("one", probed);
  probeMemory(folder).forget();
  probeMemory(folder).forget();
  expect(readdirSync(folder)).toEqual([]);
});

test("a directory that cannot be written is no failure", () => {
  const nowhere = probeMemory("/proc/nowhere");
  nowhere.keep("one", probed);
  expect(nowhere.recall("one")).toBeUndefined();
});

test("a directory that cannot be written is no fault: nothing is kept, and nothing to forget", () => {
  const memory = probeMemory("/proc/self");
  memory.keep("one", probed);
  memory.forget();
  expect(memory.recall("one")).toBeUndefined();
});
