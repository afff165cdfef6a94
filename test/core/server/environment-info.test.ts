import { expect, test } from "bun:test";
import { environmentInfo } from "../../../core/server/environment-info.ts";

const info = (environment: Record<string, string>, machineId = "m") =>
  environmentInfo({
    account: { shell: "/usr/bin/fish", home: "/home/account" },
    environment,
    cwd: "/work dir",
    version: "1.2.3",
    machineId,
  });

test("the shell is the account's, by path and by name", () => {
  expect(info({ SHELL: "/bin/zsh" }).shell).toEqual({ name: "fish", path: "/usr/bin/fish" });
});

test("HOME is believed before the account, and left out when it is no absolute path", () => {
  expect(info({}).userHomeDir).toBe("file:///home/account");
  expect(info({ HOME: "/other" }).userHomeDir).toBe("file:///other");
  expect("userHomeDir" in info({ HOME: "other" })).toBe(false);
});

test("TMPDIR is resolved against the server's directory; unset or empty it is /tmp and no directory is told", () => {
  expect([info({ TMPDIR: "t" }).tempDir, info({ TMPDIR: "t" }).temporaryDirectories]).toEqual([
    "file:///work%20dir/t",
    ["file:///work%20dir/t"],
  ]);
  for (const environment of [{}, { TMPDIR: "" }]) {
    expect([info(environment).tempDir, info(environment).temporaryDirectories]).toEqual(["file:///tmp", []]);
  }
});

test("a machine is named by a digest that is the same each time and tells nothing", () => {
  expect(info({}).providerId).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(info({}).providerId).toBe(info({ HOME: "/x" }).providerId);
  expect(info({}, "other").providerId).not.toBe(info({}).providerId);
});

test("parts that are not here yet are said to be missing", () => {
  const { capabilities } = info({});
  expect(capabilities).toMatchObject({
    environmentConfigRead: false,
    fsWatchMissing: true,
    processList: true,
  });
});
