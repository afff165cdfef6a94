import { homeDirectory } from "../host/home-directory.ts";
import { detectMechanism } from "../sandbox/host/detect-mechanism.ts";
import { localFacts } from "../sandbox/host/local-facts.ts";
import { planInTurns } from "../sandbox/host/plan-in-turns.ts";
import { privatePaths } from "../sandbox/launch/private-directory.ts";
import { followPlacesWritten, mayBeWritten, notePlacesWritten } from "../sandbox/launch/written-places.ts";
import type { Mechanism } from "../sandbox/mechanism.ts";
import { everythingGranted } from "../sandbox/plan/everything-granted.ts";
import type { SandboxPlan } from "../sandbox/plan/sandbox-plan.ts";
import type { ManagedPolicy, SandboxPolicy } from "../sandbox/policy/sandbox-policy.ts";
import { SandboxRefusal } from "../sandbox/sandbox-refusal.ts";
import type { ProcessSandbox, SpawnPlan } from "./spawned-process.ts";

/** What holds a command under a policy; undefined: nothing needs to. Throws SandboxRefusal where this machine cannot. */
export async function sandboxFor(
  policy: SandboxPolicy,
  start: Pick<SpawnPlan, "env">,
): Promise<ProcessSandbox | undefined> {
  switch (policy.kind) {
    case "disabled":
      return undefined;
    case "external":
      if (policy.network === "enabled") return undefined;
      // Somebody else holds the files; of ours is the filter alone.
      return { plan: everythingGranted, mechanism: { kind: "seccomp" } };
    case "managed": {
      const mechanism = await detectMechanism();
      const plan = await planFor(policy, mechanism, start);
      if (plan.fullDiskRead && plan.fullDiskWrite && plan.network === "enabled") return undefined;
      if (mechanism.kind === "none") throw new SandboxRefusal(mechanism.reason);
      notePlacesWritten(plan);
      return { plan, mechanism };
    }
  }
}

function planFor(
  policy: ManagedPolicy,
  mechanism: Mechanism,
  start: Pick<SpawnPlan, "env">,
): Promise<SandboxPlan> {
  followPlacesWritten();
  const temporary = start.env.findLast(([name]) => name === "TMPDIR")?.[1];
  return planInTurns(
    policy,
    localFacts({
      temporaryDirectory: temporary?.startsWith("/") ? temporary : null,
      home: homeDirectory() ?? null,
      // Masks and placeholders are bubblewrap's alone.
      privatePaths: mechanism.kind === "bubblewrap" ? privatePaths() : [],
      mayBeWritten,
    }),
  );
}
