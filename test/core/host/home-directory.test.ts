import { expect, test } from "bun:test";
import { homedir } from "node:os";
import { homeDirectory } from "../../../core/host/home-directory.ts";

test("the home directory is HOME, where it says anything", () => {
  expect(homeDirectory({ HOME: "/somewhere" })).toBe("/somewhere");
  expect(homeDirectory({ HOME: "" })).toBe(homedir());
  expect(homeDirectory({})).toBe(homedir());
});
