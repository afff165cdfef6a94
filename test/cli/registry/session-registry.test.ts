import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { thisProcess } from "../../../cli/registry/holder.ts";
import type { SessionEntry } from "../../../cli/registry/session-entry.ts";
import { SessionRegistry } from "../../../cli/registry/session-registry.ts";

let state: string;
let directory: string;
let registry: SessionRegistry;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "codex-env-registry-"));
  directory = join(state, "codex-env/sessions");
  registry = new SessionRegistry({ XDG_STATE_HOME: state });
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const process = { processId: "p1", line: "sleep 9", startedAtMs: 5, tty: false, stdin: false, after: 3 };
const entry = (changes: Partial<SessionEntry> = {}): SessionEntry => ({
  version: 1,
  sessionId: "s",
  environment: "box",
  reach: { kind: "environment", name: "box" },
  where: "ws://box",
  command: "connect",
  openedAtMs: 1,
  ttlSeconds: 10,
  resumable: true,
  holder: thisProcess(),
  processes: [process],
  ...changes,
});
/** A process that has ended, and one that has the number of a process that has. */
const gone = () => ({ kind: "process" as const, pid: Bun.spawnSync(["true"]).pid, startTime: "1" });
const another = () => ({ ...thisProcess(), startTime: "1" });

test("an entry is read back as it was written, by its owner alone", () => {
  registry.put("one", entry());
  expect(registry.list()).toEqual([{ id: "one", entry: entry() }]);
  expect(statSync(join(directory, "one.json")).mode & 0o777).toBe(0o600);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(readdirSync(directory)).toEqual(["one.json"]);
  registry.put("older", entry({ openedAtMs: 0 }));
  expect(registry.list().map(({ id }) => id)).toEqual(["older", "one"]);
  registry.remove("one");
  registry.remove("one");
  expect(registry.list().map(({ id }) => id)).toEqual(["older"]);
});

describe("a session whose program is gone", () => {
  test.each([gone, another])("is nobody's from then on, for as long as it lives without a link", (holder) => {
    registry.put("one", entry({ holder: holder() }));
    const left = { ...entry(), holder: { kind: "nobody" as const, sinceMs: 1_000 } };
    expect(registry.list(1_000)).toEqual([{ id: "one", entry: left }]);
    expect(registry.list(10_999)).toEqual([{ id: "one", entry: left }]);
    expect(registry.list(11_000)).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  test("is removed where nobody can go on with it, or nothing ran in it", () => {
    registry.put("ended", entry({ holder: gone(), resumable: false }));
    registry.put("idle", entry({ holder: gone(), processes: [] }));
    expect(registry.list()).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });
});

test("what is no entry is removed, and so is what was never put in place", () => {
  registry.put("one", entry());
  for (const text of ["", "{", '{"version":2}', "null", "x".repeat(2_000_000)]) {
    writeFileSync(join(directory, "bad.json"), text);
    expect(registry.list()).toHaveLength(1);
    expect(existsSync(join(directory, "bad.json"))).toBe(false);
  }
  writeFileSync(join(directory, "one.json.new"), "");
  writeFileSync(join(directory, "one.json.old"), "");
  utimesSync(join(directory, "one.json.old"), 1, 1);
  registry.list();
  expect(readdirSync(directory).sort()).toEqual(["one.json", "one.json.new"]);
});

test("a registry that cannot be written says so, and lists nothing", () => {
  writeFileSync(join(state, "file"), "");
  const broken = new SessionRegistry({ XDG_STATE_HOME: join(state, "file") });
  expect(broken.put("one", entry())).toBe(false);
  broken.remove("one");
  expect(broken.list()).toEqual([]);
});
