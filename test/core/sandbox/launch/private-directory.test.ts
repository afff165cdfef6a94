import { afterAll, afterEach, describe, expect, test } from "bun:test";
import {
  existsSync,
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

const account = process.geteuid?.() ?? 0;
const environment = { PATH: process.env["PATH"] ?? "/usr/bin:/bin" };

interface Answer {
  readonly path?: string;
  readonly maskFile?: string;
  readonly paths?: readonly string[];
  readonly refused?: string;
}

/** What a process with this environment gets. */
async function asked(
  more: Readonly<Record<string, string>> = {},
  wrap: readonly string[] = [],
): Promise<Answer> {
  const argv = [...wrap, process.execPath, join(import.meta.dir, "fixtures/private-directory.ts")];
  const child = Bun.spawn(argv, { env: { ...environment, ...more }, stdout: "pipe" });
  return JSON.parse(await child.stdout.text());
}

const mode = (path: string) => lstatSync(path).mode & 0o777;

describe("the private directory", () => {
  test("is the account's alone, with an empty file that nobody may open", async () => {
    const { path = "", maskFile = "" } = await asked();
    expect([mode(path), mode(join(path, "placeholders")), mode(maskFile)]).toEqual([0o700, 0o700, 0]);
    expect([lstatSync(path).uid, lstatSync(maskFile).size]).toEqual([account, 0]);
  });

  test("is the same one whatever the environment says: another server's sandboxes are kept out of it too", async () => {
    const elsewhere = { HOME: folder, XDG_STATE_HOME: join(folder, "state"), TMPDIR: folder };
    const [usual, other] = [await asked(), await asked(elsewhere)];
    expect(other.path).toBe(String(usual.path));
    expect(other.paths).toEqual(expect.arrayContaining([...(usual.paths ?? [])]));
    expect(existsSync(join(folder, "state"))).toBe(false);
  });

  test("is kept from sandboxes at every place where it may ever be, there or not", async () => {
    const { path = "", paths } = await asked();
    expect(paths).toEqual(expect.arrayContaining([path, `/dev/shm/codex-env-${account}`]));
  });

  test("takes along what is kept for people where the environment says", async () => {
    const state = join(folder, "state");
    mkdirSync(join(state, "codex-env"), { recursive: true });
    try {
      expect((await asked({ XDG_STATE_HOME: state })).paths).toContain(join(state, "codex-env"));
    } finally {
      rmSync(state, { recursive: true });
    }
  });
});

const stranger = 54_321;
const asStranger = ["/usr/bin/setpriv", "--reuid", `${stranger}`, "--regid", `${stranger}`, "--clear-groups"];
const hisPlace = `/dev/shm/codex-env-${stranger}`;

describe.skipIf(account !== 0)("the private directory of an account that is not listed", () => {
  afterEach(() => rmSync(hisPlace, { recursive: true, force: true }));

  /** The sources may lie where he may not look. */
  async function hisAnswer(): Promise<Answer> {
    const entrypoints = [join(import.meta.dir, "fixtures/private-directory.ts")];
    const built = await Bun.build({ entrypoints, target: "bun" });
    const text = (await built.outputs[0]?.text()) ?? "";
    const argv = [...asStranger, process.execPath, "-e", text];
    const child = Bun.spawn(argv, {
      env: { ...environment, HOME: "/nonexistent" },
      stdout: "pipe",
      cwd: "/",
    });
    return JSON.parse(await child.stdout.text());
  }

  test("lies in the host's shared memory, and is refused where somebody else has that name", async () => {
    expect((await hisAnswer()).path).toBe(hisPlace);
    rmSync(hisPlace, { recursive: true });
    mkdirSync(hisPlace, { mode: 0o700 });
    expect((await hisAnswer()).refused).toContain("no private directory for sandboxes can be had");
    rmSync(hisPlace, { recursive: true });
    symlinkSync("/tmp", hisPlace);
    expect((await hisAnswer()).refused).toContain("no private directory for sandboxes can be had");
  });
});

test("a sweep leaves what is no entry of a registry alone", async () => {
  const registry = join(folder, "registry");
  mkdirSync(registry);
  const kept = join(folder, "kept");
  mkdirSync(kept);
  for (const [name, content] of [
    ["empty", ""],
    ["garbage", "{"],
    ["number", "7"],
    ["kind", `s 1:2 ${kept}\0`],
    ["0".repeat(64), `d - ${kept}\0`],
  ] as const) {
    writeFileSync(join(registry, name), content);
  }
  await sweepLeftPlaceholders([registry, join(folder, "nowhere")]);
  expect(readdirSync(registry)).toHaveLength(6);
  expect(lstatSync(kept).isDirectory()).toBe(true);
});
