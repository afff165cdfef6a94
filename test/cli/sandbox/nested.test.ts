import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { detectMechanism } from "../../../core/sandbox/host/detect-mechanism.ts";
import { ourCli } from "../../support/our-cli.ts";

let place: string;
beforeAll(() => {
  // Not below the directories for temporary files, which workspace-write may write.
  place = mkdtempSync("/var/tmp/codex-env-nested-");
  chmodSync(place, 0o755);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

type Mode = "read-only" | "workspace-write";

async function nested([outer, inner]: readonly [Mode, Mode], around: readonly string[] = []) {
  const script = "echo ran; echo x >made && echo written; : </dev/tcp/127.0.0.1/1";
  const command = ourCli(["sandbox", "--mode", inner, "--", "/bin/bash", "-c", script]);
  const argv = [...around, ...ourCli(["sandbox", "--mode", outer, "--", ...command])];
  const child = Bun.spawn(argv, { cwd: place, stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, stdout, stderr };
}

const mechanism = await detectMechanism();
if (mechanism.kind !== "bubblewrap") console.log(`skipped: no bubblewrap here: ${mechanism.reason}`);

describe.skipIf(mechanism.kind !== "bubblewrap")("in a sandbox of bubblewrap another one", () => {
  test.each<Mode>(["read-only", "workspace-write"])("is read-only in a %s one", async (outer) => {
    const { stdout, stderr } = await nested([outer, "read-only"]);
    expect(stdout).toBe("ran\n");
    expect(stderr).toContain("made: ");
    expect(stderr).toContain("/dev/tcp/127.0.0.1/1: Operation not permitted");
  });

  test("that writes is refused, and the sentence says that one is around it", async () => {
    const { code, stdout, stderr } = await nested(["workspace-write", "workspace-write"]);
    expect([code, stdout]).toEqual([124, ""]);
    expect(stderr).toMatch(
      /^codex-env sandbox: this process already runs in a sandbox of codex-env, which hides \/.*: another one inside of it can only be read-only, and held by Landlock\n$/,
    );
  });
});

const withoutNamespaces = join(import.meta.dir, "../../security/without-namespaces.py");
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.log("skipped: to map all ids into a namespace takes root");

test.skipIf(!isRoot)("in a sandbox of Landlock another one is refused, with the reason", async () => {
  const around = ["/usr/bin/python3", withoutNamespaces, "0"];
  const { code, stdout, stderr } = await nested(["read-only", "read-only"], around);
  expect([code, stdout]).toEqual([124, ""]);
  expect(stderr).toContain(
    "this process already runs in a sandbox that keeps it from running programs in memory and from writing /",
  );
});
