import { afterAll, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "./scope-fixture.ts";
import { failure, ok } from "./scope-fixture.ts";

const nobody = 65_534;
const canChangeUser =
  process.getuid?.() === 0 &&
  Bun.spawnSync(["setpriv", `--reuid=${nobody}`, process.execPath, "--version"], { stderr: "ignore" })
    .success;
if (!canChangeUser) console.warn("skipped: to act as another user these tests need root and setpriv");

const directory = mkdtempSync(join(tmpdir(), "codex-env-nobody-"));
chmodSync(directory, 0o755);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const callsPath = new URL("scope-calls.ts", import.meta.url).pathname;

/** Sends requests as a user without rights, and tells what they came to. */
function asNobody(...calls: readonly (readonly [method: string, params: object])[]): Outcome[] {
  const user = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
  const child = Bun.spawnSync([...user, process.execPath, callsPath, JSON.stringify(calls)], {
    stderr: "inherit",
    cwd: "/",
  });
  // Sound: the program prints its outcomes and nothing else.
  return JSON.parse(child.stdout.toString()) as Outcome[];
}

const path = (name: string) => join(directory, name);
const uri = (name: string) => `file://${path(name)}`;
const writing = (name: string, content: string) =>
  ["fs/writeFile", { path: uri(name), dataBase64: btoa(content) }] as const;
const denied = failure(-32600, "Permission denied (os error 13)");

describe.skipIf(!canChangeUser)("for a user without rights", () => {
  test("a file in a directory that only others may change is written in place", () => {
    writeFileSync(path("open"), "old");
    chmodSync(path("open"), 0o666);
    const before = statSync(path("open")).ino;
    expect(asNobody(writing("open", "new"), writing("fresh", "x"))).toEqual([ok, denied]);
    expect([readFileSync(path("open"), "utf8"), statSync(path("open")).ino]).toEqual(["new", before]);
  });

  test("a file that is write-protected is not replaced, though its directory would let one", () => {
    mkdirSync(path("own"));
    chownSync(path("own"), nobody, nobody);
    writeFileSync(path("own/protected"), "old");
    chownSync(path("own/protected"), nobody, nobody);
    chmodSync(path("own/protected"), 0o444);
    expect(asNobody(writing("own/protected", "new"))).toEqual([denied]);
    expect(readFileSync(path("own/protected"), "utf8")).toBe("old");
  });

  test("a file of another owner keeps its owner, as it could not be given back", () => {
    mkdirSync(path("shared"));
    chmodSync(path("shared"), 0o777);
    writeFileSync(path("shared/theirs"), "old");
    chmodSync(path("shared/theirs"), 0o666);
    expect(asNobody(writing("shared/theirs", "new"))).toEqual([ok]);
    expect([readFileSync(path("shared/theirs"), "utf8"), statSync(path("shared/theirs")).uid]).toEqual([
      "new",
      0,
    ]);
  });

  test("what may not be read, listed or removed says so", () => {
    mkdirSync(path("closed"));
    writeFileSync(path("closed/f"), "secret");
    chmodSync(path("closed"), 0o700);
    const at = { path: uri("closed/f") };
    const walk = { maxDepth: 5, maxDirectories: 9, maxEntries: 99, followDirectorySymlinks: false };
    const outcomes = asNobody(
      ["fs/readFile", at],
      ["fs/getMetadata", at],
      ["fs/readDirectory", { path: uri("closed") }],
      ["fs/remove", { path: uri("closed") }],
      ["fs/walk", { path: uri("closed"), options: walk }],
      ["fs/watchMissing", { watchId: 1, missing: [uri("closed/x")] }],
    );
    expect(outcomes.slice(0, 4)).toEqual([denied, denied, denied, denied]);
    const errors = [{ path: uri("closed"), message: "Permission denied (os error 13)" }];
    expect(outcomes[4]).toEqual({ result: { entries: [], errors, truncated: false } });
    expect(outcomes[5]).toEqual({ result: { watching: false } });
    expect(readFileSync(path("closed/f"), "utf8")).toBe("secret");
  });
});
