import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sweepLeftPlaceholders } from "../../../../core/sandbox/launch/sweep-left-placeholders.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "private-")));
afterAll(() => rmSync(folder, { recursive: true }));

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(folder, "home-"));
});

const usual = () => join(home, ".local/state/codex-env");

/** What a process with this home gets; TMPDIR is in the home too, so that nothing is left. */
async function asked(environment: Readonly<Record<string, string>> = {}) {
  mkdirSync(join(home, "tmp"), { recursive: true });
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "fixtures/private-directory.ts")], {
    env: { HOME: home, TMPDIR: join(home, "tmp"), ...environment },
    stdout: "pipe",
  });
  const answer: { path?: string; maskFile?: string; refused?: string } = JSON.parse(
    await child.stdout.text(),
  );
  return answer;
}

const mode = (path: string) => lstatSync(path).mode & 0o777;

describe("the private directory", () => {
  test("is the account's alone, with an empty file that nobody may open", async () => {
    const { path, maskFile } = await asked();
    expect(path).toBe(usual());
    expect([mode(usual()), mode(join(usual(), "placeholders")), mode(String(maskFile))]).toEqual([
      0o700, 0o700, 0,
    ]);
    expect(lstatSync(String(maskFile)).size).toBe(0);
  });

  test("is the same one the next time, and in XDG_STATE_HOME where that is set", async () => {
    expect(await asked()).toEqual(await asked());
    const state = join(home, "state");
    expect((await asked({ XDG_STATE_HOME: state })).path).toBe(join(state, "codex-env"));
  });

  test("is another one where the usual place is open to others, or is a link", async () => {
    mkdirSync(usual(), { recursive: true });
    chmodSync(usual(), 0o755);
    const elsewhere = join(home, "tmp", `codex-env-${process.geteuid?.()}`);
    expect((await asked()).path).toBe(elsewhere);
    rmSync(usual(), { recursive: true });
    mkdirSync(join(home, "target"), { mode: 0o700 });
    symlinkSync(join(home, "target"), usual());
    expect((await asked()).path).toBe(elsewhere);
    expect(readdirSync(join(home, "target"))).toEqual([]);
  });

  test("is refused where every place is taken", async () => {
    mkdirSync(join(home, ".local/state"), { recursive: true });
    writeFileSync(usual(), "");
    mkdirSync(join(home, "tmp"));
    writeFileSync(join(home, "tmp", `codex-env-${process.geteuid?.()}`), "");
    expect((await asked()).refused).toContain("no private directory for sandboxes can be had");
  });

  test("gets another mask file when somebody has changed it", async () => {
    const { maskFile = "" } = await asked();
    rmSync(maskFile, { force: true });
    writeFileSync(maskFile, "readable");
    await asked();
    expect([mode(maskFile), lstatSync(maskFile).size]).toEqual([0, 0]);
  });
});

test("a sweep leaves what is no entry of a registry alone", async () => {
  const registry = join(home, "registry");
  mkdirSync(registry);
  const kept = join(home, "kept");
  mkdirSync(kept);
  for (const [name, content] of [
    ["empty", ""],
    ["garbage", "{"],
    ["number", "7"],
    ["other", JSON.stringify({ path: 7, kind: "directory" })],
    ["kind", JSON.stringify({ path: kept, kind: "socket" })],
  ] as const) {
    writeFileSync(join(registry, name), content);
  }
  await sweepLeftPlaceholders([registry, join(home, "nowhere")]);
  expect(readdirSync(registry)).toHaveLength(5);
  expect(lstatSync(kept).isDirectory()).toBe(true);
});
