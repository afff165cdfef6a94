import { expect, test } from "bun:test";
import { nearest } from "../../../core/environment/nearest-word.ts";

const names = ["serve", "connect", "exec", "cp"];

test.each([
  ["sreve", "serve"],
  ["conect", "connect"],
  ["exce", "exec"],
  ["pc", "cp"],
  ["CP", "cp"],
  ["Connect", "connect"],
  ["conn", "connect"],
])("%s is taken for %s", (typed, meant) => {
  expect(nearest(typed, names)).toBe(meant);
});

test("a word that is near to nothing has no nearest", () => {
  expect(nearest("zzzzzzzz", names)).toBeUndefined();
  expect(nearest("--frob", ["--url", "--cwd", "--tty", "--env", "--help"])).toBeUndefined();
  expect(nearest("--xy", ["--url", "--cwd", "--tty", "--env", "--help"])).toBeUndefined();
});
