import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { History, historyFile } from "../../../cli/connect/history.ts";

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "codex-env-history-"));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const open = () => History.open({ XDG_STATE_HOME: state });

test("history lasts over runs, newest first, each repetition once", () => {
  const first = open();
  for (const line of ["one", "two", "two", "back\\slash", "a\nb"]) first.add(line);
  expect(open().newestFirst()).toEqual(["a\nb", "back\\slash", "two", "one"]);
});

test("only its owner can read the file", () => {
  open().add("one");
  expect(statSync(historyFile({ XDG_STATE_HOME: state })).mode & 0o777).toBe(0o600);
});

test("a line that begins with a space, and an empty one, are not kept", () => {
  const history = open();
  history.add(" secret");
  history.add("");
  history.add("kept");
  expect(readFileSync(historyFile({ XDG_STATE_HOME: state }), "utf8")).toBe("kept\n");
});

test("the file is cut when it has grown long", () => {
  const history = open();
  for (let index = 0; index < 4_500; index++) history.add(`line ${index}`);
  const again = open().newestFirst();
  expect(again).toHaveLength(2_000);
  expect(again[0]).toBe("line 4499");
  expect(readFileSync(historyFile({ XDG_STATE_HOME: state }), "utf8").split("\n")).toHaveLength(2_001);
});

test("a place that cannot be written to leaves history for the run", () => {
  const history = History.open({ XDG_STATE_HOME: "/proc/nowhere" });
  history.add("one");
  expect(history.newestFirst()).toEqual(["one"]);
});

test("a relative XDG_STATE_HOME does not count", () => {
  expect(historyFile({ XDG_STATE_HOME: "state", HOME: "/h" })).toBe("/h/.local/state/codex-env/history");
});
