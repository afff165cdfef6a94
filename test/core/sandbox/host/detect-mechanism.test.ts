import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, closeSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundledDigests } from "../../../../core/sandbox/host/bundled-digests.ts";
import { createDetector } from "../../../../core/sandbox/host/detect-mechanism.ts";
import { SYSTEM_PATHS } from "../../../../core/sandbox/host/system-bubblewrap.ts";
import type { Mechanism } from "../../../../core/sandbox/mechanism.ts";

const machine = process.arch === "arm64" ? "arm64" : "x64";
const built = join(import.meta.dir, `../../../../core/sandbox/bubblewrap/bundled/bwrap-${machine}`);
const digest = bundledDigests[machine];
const nowhere = { paths: ["/nonexistent/bwrap"], digest };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "codex-env-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function detectWith(options: Partial<Parameters<typeof createDetector>[0]>): Promise<Mechanism> {
  return await createDetector({ systemPaths: [], bundled: nowhere, ...options }).detect();
}

function reasonOf(mechanism: Mechanism): string {
  return mechanism.kind === "bubblewrap" ? "" : mechanism.reason;
}

test("the system's bubblewrap is found at its fixed path, whatever PATH says", async () => {
  const path = process.env["PATH"];
  writeFileSync(join(folder, "bwrap"), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
  process.env["PATH"] = `${folder}:${path}`;
  try {
    const mechanism = await detectWith({ systemPaths: SYSTEM_PATHS });
    expect(mechanism).toMatchObject({
      kind: "bubblewrap",
      bubblewrap: { origin: "system", path: "/usr/bin/bwrap" },
    });
  } finally {
    process.env["PATH"] = path;
  }
});

test("without the system's, the bundled bubblewrap is used, out of memory", async () => {
  const path = join(folder, "bwrap");
  copyFileSync(built, path);
  const mechanism = await detectWith({ bundled: { paths: [path], digest } });
  if (mechanism.kind !== "bubblewrap") throw new Error(reasonOf(mechanism));
  expect(mechanism.bubblewrap).toMatchObject({ origin: "bundled", path, version: "0.8.0" });
  writeFileSync(path, "#!/bin/sh\nexit 66\n");
  const descriptor = mechanism.bubblewrap.open();
  try {
    const run = Bun.spawn([`/proc/${process.pid}/fd/${descriptor}`, "--version"], { stdout: "pipe" });
    expect(await run.stdout.text()).toBe("bubblewrap 0.8.0\n");
  } finally {
    closeSync(descriptor);
  }
});

test("a bundled bubblewrap with one other byte is refused by name and digest", async () => {
  const path = join(folder, "bwrap");
  const bytes = await Bun.file(built).bytes();
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  writeFileSync(path, bytes, { mode: 0o755 });
  const found = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
  const mechanism = await detectWith({ bundled: { paths: [path], digest } });
  expect(reasonOf(mechanism)).toContain(
    `the bundled bubblewrap ${path} has the SHA-256 ${found}, not ${digest} as this program expects`,
  );
});

test("a missing bubblewrap is said to be missing, system's and bundled", async () => {
  const path = join(folder, "bwrap");
  const mechanism = await detectWith({ systemPaths: [path], bundled: { paths: [path], digest } });
  expect(reasonOf(mechanism)).toContain(`no bubblewrap at ${path}; no bundled bubblewrap at ${path}`);
});

test("a bundled bubblewrap that is replaced is judged anew, and forgetting asks the same one again", async () => {
  const path = join(folder, "bwrap");
  copyFileSync(built, path);
  const detector = createDetector({ systemPaths: [], bundled: { paths: [path], digest } });
  const first = detector.detect();
  expect(detector.detect()).toBe(first);
  detector.forget();
  expect(detector.detect()).not.toBe(first);
  expect((await detector.detect()).kind).toBe("bubblewrap");
  writeFileSync(path, "something else");
  expect(reasonOf(await detector.detect())).toContain("SHA-256");
});

describe("a system's bubblewrap is not used", () => {
  const asRoot = process.getuid?.() === 0;
  if (!asRoot) console.log("skipped: only root can make files that are trusted as the system's");
  let own: string;
  beforeEach(() => {
    // Everybody may write to /tmp, so nothing there is trusted.
    own = asRoot ? mkdtempSync("/run/codex-env-test-") : folder;
    chmodSync(own, 0o755);
  });
  afterEach(() => rmSync(own, { recursive: true, force: true }));

  function script(text: string): string {
    const path = join(own, "bwrap");
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  test.skipIf(!asRoot)("when its group may write it", async () => {
    const path = script("exec /usr/bin/bwrap");
    chmodSync(path, 0o775);
    expect(reasonOf(await detectWith({ systemPaths: [path] }))).toStartWith(
      `${path} can be written by other accounts than root`,
    );
  });

  test.skipIf(!asRoot)("when a directory above it can be written by others", async () => {
    const path = script("exec /usr/bin/bwrap");
    chmodSync(own, 0o777);
    expect(reasonOf(await detectWith({ systemPaths: [path] }))).toStartWith(
      `${own} can be written by other accounts than root`,
    );
  });

  test.skipIf(!asRoot)("when it lacks an option, which is named", async () => {
    const path = script(
      `case $1 in --version) echo bubblewrap 0.4.1;; --help) /usr/bin/bwrap --help | grep -v perms;; esac`,
    );
    expect(reasonOf(await detectWith({ systemPaths: [path] }))).toStartWith(
      `${path}: version 0.4.1 lacks --perms; `,
    );
  });

  test.skipIf(!asRoot)("when it does not start", async () => {
    const path = script("echo broken >&2; exit 3");
    expect(reasonOf(await detectWith({ systemPaths: [path] }))).toStartWith(
      `${path}: it does not start: broken; `,
    );
  });

  test.skipIf(!asRoot)("once it has been replaced: the descriptor would be another program's", async () => {
    const path = script("exit 66");
    copyFileSync("/usr/bin/bwrap", path);
    const mechanism = await detectWith({ systemPaths: [path] });
    if (mechanism.kind !== "bubblewrap") throw new Error(reasonOf(mechanism));
    script("exit 66");
    expect(() => mechanism.bubblewrap.open()).toThrow(`${path} has changed since it was looked at`);
  });
});

describe("on a system that refuses a part of the sandbox, the part is named", () => {
  async function detectAfter(preparation: string): Promise<Mechanism> {
    const fixture = join(import.meta.dir, "fixtures/detect.ts");
    const run = Bun.spawn(
      ["unshare", "-Urm", "sh", "-c", `${preparation} && exec "$0" "$1"`, process.execPath, fixture],
      { stdout: "pipe", stderr: "inherit" },
    );
    return JSON.parse(await run.stdout.text());
  }

  test("user namespaces", async () => {
    const mechanism = await detectAfter("echo 0 >/proc/sys/user/max_user_namespaces");
    expect(mechanism.kind).not.toBe("bubblewrap");
    expect(reasonOf(mechanism)).toContain(
      "this system refuses new namespaces: user.max_user_namespaces is 0",
    );
  });

  test("network namespaces", async () => {
    const mechanism = await detectAfter("echo 0 >/proc/sys/user/max_net_namespaces");
    expect(reasonOf(mechanism)).toContain("this system refuses new namespaces: user.max_net_namespaces is 0");
  });

  test("/proc, which is never left out in silence", async () => {
    const mechanism = await detectAfter("mount -t tmpfs none /proc/fs");
    expect(reasonOf(mechanism)).toContain("this system refuses to mount /proc in a new pid namespace");
  });
});
