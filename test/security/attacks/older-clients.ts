import { judged, shellDoes, shellTells } from "../acts.ts";
import type { Attack, Family } from "../attack.ts";
import { launchAttack } from "../launch-attack.ts";
import { type Profile, type Sandbox, unconfined, workspaceWrite } from "../profiles.ts";
import type { Scene } from "../scene.ts";

/** The command line that clients of 0.131.0 sent: the launcher with a profile, and no sandbox of its own. */
function wrapped(scene: Scene, profile: string, ...argv: readonly string[]): readonly string[] {
  const launcher = "/opt/codex/codex-linux-sandbox";
  const cwd = ["--sandbox-policy-cwd", scene.workspace, "--command-cwd", scene.workspace];
  return [launcher, ...cwd, "--permission-profile", profile, "--", ...argv];
}

const olderProfile = (file_system: Sandbox) =>
  JSON.stringify({ type: "managed", file_system, network: "restricted" });
const olderReadOnly = olderProfile({
  type: "restricted",
  entries: [{ path: { type: "special", value: { kind: "root" } }, access: "read" }],
});

/** The twin is the same command without the launcher's words. */
const older = (name: string, profile: string, script = "echo > ../out/pwned"): Attack =>
  launchAttack(
    `${name}, in the command line of older clients`,
    "the launcher's words become the same policy",
    [unconfined],
    async (scene) => {
      const isTwin = scene.sandbox !== null;
      scene.sandbox = null;
      const argv = ["/bin/sh", "-c", script];
      const ran = await scene.run(isTwin ? argv : wrapped(scene, profile, ...argv));
      return judged(ran, () => (scene.exists("out/pwned") ? "out/pwned is there" : undefined));
    },
    [workspaceWrite],
  );

export const olderClientAttacks: Family = [
  older("a profile for reading alone", olderReadOnly),
  older("a profile that is no JSON", "{"),
  older("a profile of no known type", '{"type":"lenient"}'),
  older("a profile whose entries are missing", olderProfile({ type: "restricted" })),
  launchAttack(
    "a legacy policy of read-only is sent",
    "it becomes the same policy",
    [legacy("read-only")],
    (scene) => shellDoes(scene, "echo > n.txt", () => scene.exists("ws/n.txt")),
    [legacy("workspace-write"), unconfined],
  ),
  launchAttack(
    "a legacy policy of workspace-write is sent, and the outside written",
    "it becomes the same policy",
    [legacy("workspace-write")],
    (scene) => shellDoes(scene, "echo > ../out/n", () => scene.exists("out/n")),
    [legacy("danger-full-access"), unconfined],
  ),
  launchAttack(
    "a legacy policy has no known type",
    "what is not understood is refused",
    [legacy("anything")],
    (scene) => shellTells(scene, "cat a.txt", scene.secrets.inside),
    [legacy("read-only"), unconfined],
  ),
];

function legacy(type: string): Profile {
  return (place) => ({
    sandboxPolicy: { type, writable_roots: [], network_access: false },
    sandboxPolicyCwd: `file://${place.workspace}`,
    cwd: `file://${place.workspace}`,
    workspaceRoots: [`file://${place.workspace}`],
  });
}
