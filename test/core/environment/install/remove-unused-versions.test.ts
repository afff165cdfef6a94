import { describe, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeUnusedVersions } from "../../../../core/environment/install/remove-unused-versions.ts";
import { limits } from "../../../../core/limits.ts";
import { type NearTarget, nearTarget } from "./near-target.ts";

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const old = limits.installUnusedDays + 5;

interface Version {
  readonly name: string;
  /** How long ago it came, in days. */
  readonly age: number;
  /** How long ago it was started last. */
  readonly used?: number;
}

/** Versions as an installation leaves them. */
function place({ home }: NearTarget, versions: readonly Version[]): string {
  const directory = join(home, "versions");
  for (const { name, age, used = age } of versions) {
    mkdirSync(join(directory, name, "codex-resources"), { recursive: true });
    writeFileSync(join(directory, name, "codex-resources/bwrap"), "");
    writeFileSync(join(directory, name, "codex-env"), "a program");
    utimesSync(join(directory, name, "codex-env"), daysAgo(used), daysAgo(age));
    utimesSync(join(directory, name), daysAgo(0), daysAgo(age));
  }
  return directory;
}

const version = (index: number) => `0.1.${index}-0123456789a${index.toString(16)}`;
const current = { name: version(9), age: 0 };
const previous = { name: version(8), age: old };

describe("versions of codex-env on a target", () => {
  test("that nobody has used for long go, the newest ones and the current one stay", async () => {
    using target = nearTarget();
    const given = { name: "given-0123456789ab", age: old + 3 };
    const versions = [current, previous, { name: version(7), age: old + 1 }, given];
    const directory = place(target, versions);
    const removed = await removeUnusedVersions(target.shell, { directory, current: current.name });
    expect([...removed].sort()).toEqual([version(7), given.name].sort());
    expect(readdirSync(directory).sort()).toEqual([current.name, previous.name].sort());
    // One that was current for long is not the newest.
    const names = { directory, current: previous.name };
    place(target, [
      { name: version(1), age: 1 },
      { name: version(2), age: 2 },
    ]);
    expect(await removeUnusedVersions(target.shell, names)).toEqual([]);
  });

  test.each([
    ["is young", { age: limits.installUnusedDays - 1 }],
    ["was started not long ago", { age: old, used: limits.installUnusedDays - 1 }],
  ])("one that %s stays", async (_, times) => {
    using target = nearTarget();
    const newer = { name: version(7), age: 1 };
    const directory = place(target, [current, newer, { name: version(1), ...times }]);
    const names = { directory, current: current.name };
    expect(await removeUnusedVersions(target.shell, names)).toEqual([]);
  });

  test("one that a process runs from stays until that has ended", async () => {
    using target = nearTarget();
    const directory = place(target, [current, previous, { name: version(1), age: old + 1 }]);
    const program = join(directory, version(1), "codex-env");
    copyFileSync("/bin/sleep", program);
    utimesSync(program, daysAgo(old), daysAgo(old));
    await using running = Bun.spawn([program, "1000"]);
    const names = { directory, current: current.name };
    // Its start was a use, and so is what it reads of itself later.
    const forget = () => utimesSync(program, daysAgo(old), daysAgo(old));
    forget();
    expect(await removeUnusedVersions(target.shell, names)).toEqual([]);
    running.kill("SIGKILL");
    await running.exited;
    forget();
    expect(await removeUnusedVersions(target.shell, names)).toEqual([version(1)]);
  });

  test("are told by their names: nothing else goes, and no link is followed", async () => {
    using target = nearTarget();
    const others = ["notes", "0.1.2", "0.1.2-0123456789ax", "0.1.2-0123456789abc", "x0.1.2-0123456789ab"];
    const spaced = ["a 0.1.2-0123456789ab", "0.1.2-0123456789ab\n0.1.3-0123456789ab*"];
    const names = [...others, ...spaced].map((name) => ({ name, age: old + 1 }));
    const directory = place(target, [current, previous, ...names]);
    const precious = join(target.home, "precious");
    mkdirSync(precious);
    writeFileSync(join(precious, "codex-env"), "precious");
    utimesSync(join(precious, "codex-env"), daysAgo(old), daysAgo(old));
    utimesSync(precious, daysAgo(old), daysAgo(old));
    symlinkSync(precious, join(directory, version(1)));
    writeFileSync(join(directory, version(2)), "no directory");
    const before = readdirSync(directory).sort();
    expect(await removeUnusedVersions(target.shell, { directory, current: current.name })).toEqual([]);
    expect(readdirSync(directory).sort()).toEqual(before);
    expect(readdirSync(precious)).toEqual(["codex-env"]);
  });

  test("that hold a link lose the link, and not what it leads to", async () => {
    using target = nearTarget();
    const directory = place(target, [current, previous, { name: version(1), age: old + 1 }]);
    writeFileSync(join(target.home, "precious"), "precious");
    symlinkSync(target.home, join(directory, version(1), "home"));
    utimesSync(join(directory, version(1)), daysAgo(old + 1), daysAgo(old + 1));
    const names = { directory, current: current.name };
    expect(await removeUnusedVersions(target.shell, names)).toEqual([version(1)]);
    expect(readdirSync(target.home)).toContain("precious");
  });

  test("go a few at a time, and none where nobody can tell what runs or how old they are", async () => {
    using target = nearTarget();
    const count = limits.installRemovedAtOnce + 3;
    const many = Array.from({ length: count }, (_, index) => ({
      name: `0.1.${index}-0123456789ab`,
      age: old + index,
    }));
    const directory = place(target, [current, ...many]);
    const names = { directory, current: current.name };
    using poor = nearTarget({ programs: ["sh", "env", "ls", "grep", "rm"] });
    expect(await removeUnusedVersions(poor.shell, names)).toEqual([]);
    expect(await removeUnusedVersions(target.shell, names)).toHaveLength(limits.installRemovedAtOnce);
    expect(await removeUnusedVersions(target.shell, names)).toHaveLength(2);
  });

  test("that cannot be looked at are no reason to fail", async () => {
    using target = nearTarget({ between: "exit 7" });
    const names = { directory: "/no/such", current: current.name };
    expect(await removeUnusedVersions(target.shell, names)).toEqual([]);
  });
});
