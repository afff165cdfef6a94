import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findStatePlace } from "../../../cli/connect/line-state-place.ts";

const account = process.geteuid?.() ?? 0;
const shells = ["bash", "dash", "zsh", "busybox"].filter((name) => Bun.which(name) !== null);

let dir: string;
let home: string;
let shared: string;
let accounts: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "codex-env-line-place-"));
  home = join(dir, "a home");
  shared = join(dir, "shm");
  accounts = join(dir, "passwd");
  mkdirSync(home);
  mkdirSync(shared);
  listed(home);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const listed = (at: string) =>
  writeFileSync(
    accounts,
    `else:x:${account}1:0::/nowhere:/bin/sh\nme:x:${account}:0:Me, here:${at}:/bin/sh\n`,
  );

function find(shell: string): string | undefined {
  const argv = shell === "busybox" ? ["busybox", "sh"] : [shell];
  const run = Bun.spawnSync([...argv, "-c", findStatePlace, "codex-env", accounts, shared], {
    env: { PATH: process.env["PATH"] ?? "", HOME: join(dir, "variable") },
  });
  expect(run.stderr.toString()).toBe("");
  return run.stdout.length === 0 ? undefined : run.stdout.toString();
}

const inHome = () => join(home, ".local/state/codex-env");
const inShared = () => join(shared, `codex-env-${account}`);

describe.each(shells)("in %s the place of lines' state", (shell) => {
  test("is below the home of the list of accounts, whatever HOME says, and private", () => {
    mkdirSync(join(dir, "variable"));
    expect(find(shell)).toBe(`${inHome()}/lines\0`);
    expect(statSync(inHome()).mode & 0o777).toBe(0o700);
    expect(statSync(join(inHome(), "lines")).mode & 0o777).toBe(0o700);
    expect(find(shell)).toBe(`${inHome()}/lines\0`);
  });

  test.each([
    ["others may enter it", () => mkdirSync(inHome(), { recursive: true, mode: 0o755 })],
    [
      "it is a link",
      () => {
        mkdirSync(join(home, ".local/state"), { recursive: true });
        mkdirSync(join(dir, "elsewhere"), { mode: 0o700 });
        symlinkSync(join(dir, "elsewhere"), inHome());
      },
    ],
    [
      "its own part is a file",
      () => {
        mkdirSync(inHome(), { recursive: true, mode: 0o700 });
        writeFileSync(join(inHome(), "lines"), "");
      },
    ],
    ["there is no home", () => rmSync(home, { recursive: true })],
    ["the account is not listed", () => writeFileSync(accounts, "")],
    ["there is no list", () => rmSync(accounts)],
  ])("is in the shared memory where %s", (_, prepare) => {
    prepare();
    expect(find(shell)).toBe(`${inShared()}/lines\0`);
    expect(existsSync(join(dir, "elsewhere/lines"))).toBe(false);
  });

  test("is below HOME on a system without either, and nowhere without that", () => {
    rmSync(accounts);
    rmSync(shared, { recursive: true });
    expect(find(shell)).toBeUndefined();
    mkdirSync(join(dir, "variable"));
    expect(find(shell)).toBe(`${join(dir, "variable")}/.local/state/codex-env/lines\0`);
  });

  test("loses what a session that was cut has left the day before yesterday, and nothing newer", () => {
    find(shell);
    const place = join(inHome(), "lines");
    const old = Date.now() / 1000 - 2 * 86_400;
    for (const name of ["old", "new"]) writeFileSync(join(place, name), "");
    utimesSync(join(place, "old"), old, old);
    find(shell);
    expect(readdirSync(place)).toEqual(["new"]);
  });
});
