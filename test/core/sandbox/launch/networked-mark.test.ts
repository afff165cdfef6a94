import { expect, test } from "bun:test";
import { closeSync } from "node:fs";
import { holdNetworkedMark, networkedSandboxesRun } from "../../../../core/sandbox/launch/networked-mark.ts";
import type { SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";

function plan(network: SandboxPlan["network"]): SandboxPlan {
  return {
    disk: "read",
    rules: [],
    denyGlobs: [],
    links: [],
    network,
    fullDiskRead: true,
    fullDiskWrite: false,
    deniedInodes: new Set(),
    foldsCase: false,
    alsoNamed: [],
    unscanned: [],
    key: "test",
  };
}

/** Looks from a network namespace of its own, where only its own sandboxes can be. */
const inNetwork = ["/usr/bin/unshare", "--map-root-user", "--net"];
const fixture = `${import.meta.dir}/fixtures/networked-marks.ts`;

test("a sandbox with network is seen from its mark until the last holder has let go, in any environment", () => {
  const run = Bun.spawnSync([...inNetwork, process.execPath, fixture], {
    env: { HOME: "/nonexistent", XDG_STATE_HOME: "/nonexistent", TMPDIR: "/nonexistent" },
  });
  expect(run.stderr.toString()).toBe("");
  expect(run.stdout.toString()).toBe("none false, two true, one true, none false\n");
});

test("a sandbox without network has no mark, and one with network is seen at once", () => {
  expect(holdNetworkedMark(plan("restricted"))).toEqual([]);
  const [mark] = holdNetworkedMark(plan("enabled"));
  expect(networkedSandboxesRun()).toBe(true);
  if (mark !== undefined) closeSync(mark.descriptor);
});
