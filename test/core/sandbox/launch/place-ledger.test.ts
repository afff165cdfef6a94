import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { limits } from "../../../../core/limits.ts";
import { PlaceLedger } from "../../../../core/sandbox/launch/place-ledger.ts";

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "codex-env-ledger-"));
  file = join(dir, "places");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("what one server adds every other knows, from before and from later", () => {
  using one = PlaceLedger.open(file);
  one.add("/w");
  using two = PlaceLedger.open(file);
  expect([two.holds("/w/x"), two.holds("/w"), two.holds("/wx")]).toEqual([true, false, false]);
  one.add("/late\nr é");
  expect(two.holds("/late\nr é/x")).toBe(true);
  two.add("/back");
  expect(one.holds("/back/x")).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("it is kept as long as one of them lives, and begins anew after the last", () => {
  const one = PlaceLedger.open(file);
  one.add("/w");
  const two = PlaceLedger.open(file);
  one[Symbol.dispose]();
  const three = PlaceLedger.open(file);
  expect(three.holds("/w/x")).toBe(true);
  two[Symbol.dispose]();
  three[Symbol.dispose]();
  using four = PlaceLedger.open(file);
  expect(four.holds("/w/x")).toBe(false);
  expect(statSync(file).size).toBe(0);
});

test("one path that was cut short spoils no other", () => {
  using one = PlaceLedger.open(file);
  appendFileSync(file, "\0/to");
  using two = PlaceLedger.open(file);
  expect(two.holds("/to/x")).toBe(false);
  one.add("/whole");
  expect(two.holds("/whole/x")).toBe(true);
});

test("what is known already is not written again", () => {
  using one = PlaceLedger.open(file);
  using two = PlaceLedger.open(file);
  one.add("/w");
  const { size } = statSync(file);
  for (const place of ["/w", "/w/below"]) {
    one.add(place);
    two.add(place);
  }
  expect(statSync(file).size).toBe(size);
});

test("of more places than are kept a common parent stands for those that lie in it, and none is forgotten", () => {
  using one = PlaceLedger.open(file);
  using two = PlaceLedger.open(file);
  one.add("/else/where");
  const count = limits.sandboxWrittenPlaces + 50;
  for (let number = 0; number < count; number++) one.add(`/tmp/task-${number}/ws`);
  for (const ledger of [one, two]) {
    for (let number = 0; number < count; number++)
      expect(ledger.holds(`/tmp/task-${number}/ws/x`)).toBe(true);
    expect(ledger.holds("/else/where/x")).toBe(true);
    expect([ledger.holds("/else/x"), ledger.holds("/var/x")]).toEqual([false, false]);
    expect([...ledger.places].length).toBeLessThanOrEqual(limits.sandboxWrittenPlaces);
  }
});

test("a file that has become too long means everywhere", () => {
  using one = PlaceLedger.open(file);
  truncateSync(file, limits.sandboxWrittenPlacesBytes - 4);
  one.add("/some/place");
  using two = PlaceLedger.open(file);
  for (const ledger of [one, two]) expect(ledger.holds("/var/x")).toBe(true);
  expect(statSync(file).size).toBeLessThanOrEqual(limits.sandboxWrittenPlacesBytes);
});

test("one that was taken away is known as such, and its places go into the next", () => {
  using one = PlaceLedger.open(file);
  one.add("/w");
  expect(one.stands).toBe(true);
  rmSync(file);
  expect(one.stands).toBe(false);
  using two = PlaceLedger.open(file, one.places);
  expect([two.stands, one.stands, two.holds("/w/x")]).toEqual([true, false, true]);
  expect(readFileSync(file, "utf8")).toBe("\0/w\0");
});

test.each([
  ["a directory", () => mkdirSync(file)],
  ["a link", () => symlinkSync("/etc/hostname", file)],
  ["nothing that can be made", () => rmSync(dir, { recursive: true })],
])("%s in its place is an error", (_, prepare) => {
  prepare();
  expect(() => PlaceLedger.open(file)).toThrow();
});

test("a place that is known costs microseconds", () => {
  using one = PlaceLedger.open(file);
  one.add("/some/workspace");
  const started = performance.now();
  for (let round = 0; round < 1000; round++) {
    one.add("/some/workspace");
    expect(one.stands).toBe(true);
  }
  // A thousand in what a single start of a sandbox takes many times over.
  expect(performance.now() - started).toBeLessThan(500);
});

const isRoot = process.getuid?.() === 0;
if (!isRoot)
  console.log("skipped: to read a file that one may not write, as in a sandbox, takes another account");

test.skipIf(!isRoot)("who may only read it knows what is there, and adds nothing that is not", async () => {
  using one = PlaceLedger.open(file);
  one.add("/w");
  chmodSync(dir, 0o755);
  chmodSync(file, 0o644);
  const built = await Bun.build({
    entrypoints: [`${import.meta.dir}/fixtures/reading-server.ts`],
    target: "bun",
  });
  const text = (await built.outputs[0]?.text()) ?? "";
  const argv = [
    "/usr/bin/setpriv",
    "--reuid",
    "54321",
    "--regid",
    "54321",
    "--clear-groups",
    process.execPath,
  ];
  const run = Bun.spawn([...argv, "-e", text, file], { stdout: "pipe", cwd: "/" });
  expect(JSON.parse(await run.stdout.text())).toEqual([true, false, "added", "refused"]);
  // Nor does a lock of his keep anybody out.
  const held = Bun.spawn(
    [...argv.slice(0, -1), "/usr/bin/flock", "--exclusive", file, "sh", "-c", "echo; cat"],
    {
      stdin: "pipe",
      stdout: "pipe",
    },
  );
  await held.stdout.getReader().read();
  using two = PlaceLedger.open(file);
  expect(two.holds("/w/x")).toBe(true);
  held.kill();
  await held.exited;
  expect(readFileSync(file, "utf8")).toBe("\0/w\0");
});
