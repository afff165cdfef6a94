import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmod, cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const toolchain = join(import.meta.dir, "../../scripts/toolchain");

/** A checkout with nothing but the toolchain, and a PATH with nothing but what a test puts there. */
let checkout = "";
let programs = "";
beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), "codex-env-toolchain-"));
  programs = join(checkout, "programs");
  await mkdir(programs);
  await cp(toolchain, join(checkout, "scripts/toolchain"), { recursive: true });
});
afterEach(() => rm(checkout, { recursive: true }));

async function install(name: string, script: string): Promise<void> {
  await Bun.write(join(programs, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(programs, name), 0o755);
}

/** Puts the machine's own programs on the PATH. */
async function link(...names: readonly string[]): Promise<void> {
  for (const name of names) await symlink(Bun.which(name) ?? `/no/${name}`, join(programs, name));
}

async function run(script: string, ...args: readonly string[]) {
  const running = Bun.spawn([join(checkout, "scripts/toolchain", script), ...args], {
    env: { PATH: programs },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([running.stdout.text(), running.stderr.text()]);
  return { exitCode: await running.exited, stdout, stderr };
}

describe("fetch-bun", () => {
  /** An npm that installs a file of ours as Bun, and counts how often it was asked. */
  async function npmThatInstalls(content: string): Promise<void> {
    await link("dirname", "uname", "sed", "mkdir", "mktemp", "chmod", "mv", "rm", "ls", "node", "cat");
    const folder = '"$3/node_modules/@oven/bun-linux-x64/bin"';
    await install(
      "npm",
      `mkdir -p ${folder}; printf '%s' '${content}' >${folder}/bun; echo asked >>${checkout}/asked`,
    );
  }

  test("a Bun with another SHA-256 than the pinned one is refused and not kept", async () => {
    await npmThatInstalls("not Bun");
    const { exitCode, stdout, stderr } = await run("fetch-bun", "linux-x64");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain("as pinned");
    expect(await readdir(join(checkout, ".cache/bun"))).toEqual([]);
  });

  test("the pinned one is kept: the second time npm is not asked", async () => {
    await npmThatInstalls("Bun");
    const sum = new Bun.CryptoHasher("sha256").update("Bun").digest("hex");
    await Bun.write(join(checkout, "scripts/toolchain/bun.txt"), `version 1.2.3\nlinux-x64 ${sum}\n`);
    const first = await run("fetch-bun", "linux-x64");
    const second = await run("fetch-bun", "linux-x64");
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toStartWith(`${checkout}/.cache/bun/linux-x64-1.2.3/`);
    expect(second).toEqual({ exitCode: 0, stdout: first.stdout, stderr: "" });
    expect(await Bun.file(join(checkout, "asked")).text()).toBe("asked\n");
  });

  test("where npm fetches nothing it says what was wanted, behind npm's own words, and keeps nothing", async () => {
    await link("dirname", "uname", "sed", "mkdir", "mktemp", "rm");
    await install("npm", "echo no such registry >&2; exit 1");
    const { exitCode, stdout, stderr } = await run("fetch-bun", "linux-x64");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/no such registry\nfetch-bun: npm could not fetch Bun /);
    expect(await readdir(join(checkout, ".cache/bun"))).toEqual([]);
  });

  test("without npm it says what to install", async () => {
    await link("dirname", "sed");
    const { exitCode, stderr } = await run("fetch-bun", "linux-x64");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("install Node first");
  });

  test("a platform that is not pinned is named", async () => {
    await link("dirname", "sed");
    expect(await run("fetch-bun", "plan9-x64")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "fetch-bun: bun.txt does not name plan9-x64\n",
    });
  });
});

describe("install-system-packages", () => {
  const wanted = ["setfattr", "bash", "git", "setfacl", "unshare", "xz"];

  test("with everything there it does nothing and says nothing", async () => {
    for (const name of wanted) await install(name, "");
    expect(await run("install-system-packages")).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  test("without apt-get it names what is missing and fails", async () => {
    for (const name of wanted.slice(1)) await install(name, "");
    const { exitCode, stderr } = await run("install-system-packages");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: "The tests need attr: install them by your system's package manager\n",
    });
  });

  test("neither root nor sudo: it says so and fails", async () => {
    for (const name of [...wanted.slice(1), "apt-get"]) await install(name, "");
    await install("id", "echo 1000");
    const { exitCode, stderr } = await run("install-system-packages");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("run scripts/test as root once");
  });

  test("as root it updates and installs only what is missing", async () => {
    for (const name of wanted.slice(1)) await install(name, "");
    await install("id", "echo 0");
    await install("apt-get", `echo "$@" >>${checkout}/apt`);
    expect((await run("install-system-packages")).exitCode).toBe(0);
    const [update = "", installation = ""] = (await Bun.file(join(checkout, "apt")).text()).split("\n");
    expect(update).toStartWith("update");
    expect(installation).toEndWith(" attr");
  });

  test("as root it goes without what only single tests want, and says so, where there is no such package", async () => {
    for (const name of wanted) await install(name, "");
    await install("id", "echo 0");
    await install("apt-get", 'case "$*" in *kubernetes-client*) exit 100;; esac');
    const { exitCode, stderr } = await run("install-system-packages");
    expect(exitCode).toBe(0);
    expect(stderr).toContain("kubernetes-client cannot be installed: what needs it will be skipped");
  });
});
