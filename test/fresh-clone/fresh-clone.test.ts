import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");

/** What the README promises a newcomer, from the clone to the first answer, on two cores. */
const promisedSeconds = 120;

let place = "";
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "codex-env-clone-"));
  await mkdir(join(place, "home"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(command: readonly string[], lines = ""): Promise<Outcome> {
  const { CI, NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, NPM_CONFIG_REGISTRY, npm_config_userconfig } = process.env;
  const running = Bun.spawn([...command], {
    cwd: join(place),
    // An empty home, no Bun on the PATH; only what a machine needs to reach its registry is kept.
    env: {
      ...{ CI, NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, NPM_CONFIG_REGISTRY, npm_config_userconfig },
      HOME: join(place, "home"),
      PATH: withoutOurs(process.env["PATH"] ?? "/usr/bin:/bin"),
    },
    stdin: new Blob([lines]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([running.stdout.text(), running.stderr.text()]);
  return { exitCode: await running.exited, stdout, stderr };
}

/** The caller's PATH without what the scripts put on it. */
function withoutOurs(path: string): string {
  return path
    .split(":")
    .filter((folder) => !folder.startsWith(root) && !folder.includes("@oven"))
    .join(":");
}

test("a clean clone with an empty home answers piped lines within the promised time, on stdout alone", async () => {
  expect((await run(["git", "clone", "--quiet", root, "clone"])).exitCode).toBe(0);
  const started = performance.now();
  const { exitCode, stdout, stderr } = await run(["clone/scripts/start"], "echo hello\nsh -c 'exit 7'\n");
  const seconds = (performance.now() - started) / 1000;
  expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 7, stdout: "hello\n" });
  expect(seconds).toBeLessThan(promisedSeconds);
});

test("a second start has nothing to set up, says nothing about it, and leaves the clone clean", async () => {
  const { exitCode, stdout, stderr } = await run(["clone/scripts/start"], "echo again\n");
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: "again\n", stderr: "" });
  expect((await run(["git", "-C", "clone", "status", "--porcelain"])).stdout).toBe("");
});

test("nothing is written outside the clone but npm's cache and the program's own state", async () => {
  const home = join(place, "home");
  const written = await readdir(home);
  expect(written.filter((name) => name !== ".npm" && name !== ".local")).toEqual([]);
  expect(await readdir(join(home, ".local"))).toEqual(["state"]);
  expect(await readdir(join(home, ".local/state"))).toEqual(["codex-env"]);
});
