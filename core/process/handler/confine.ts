import { homedir } from "node:os";
import type { ProcessStartParams } from "../../protocol/params/process.ts";
import type { MethodResults } from "../../protocol/results.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import { detectMechanism } from "../../sandbox/host/detect-mechanism.ts";
import { localFacts } from "../../sandbox/host/local-facts.ts";
import type { Mechanism } from "../../sandbox/host/mechanism.ts";
import { privateDirectory } from "../../sandbox/launch/private-directory.ts";
import { planSandbox } from "../../sandbox/plan/plan-sandbox.ts";
import type { SandboxPlan } from "../../sandbox/plan/sandbox-plan.ts";
import { resolvePolicy } from "../../sandbox/policy/resolve-policy.ts";
import type { ManagedPolicy, SandboxPolicy } from "../../sandbox/policy/sandbox-policy.ts";
import { parseWrapperCommand } from "../../sandbox/policy/wrapper-command.ts";
import { SandboxRefusal } from "../../sandbox/sandbox-refusal.ts";
import type { ProcessSandbox, SpawnPlan } from "../spawned-process.ts";

type MechanismName = NonNullable<MethodResults["process/start"]["sandboxMechanism"]>;

/** A start with its sandbox, and what holds it. */
export interface ConfinedStart {
  readonly plan: SpawnPlan;
  readonly mechanism: MechanismName;
}

/** What a request asks to be run, and how it is to be held. */
interface Wanted {
  readonly plan: SpawnPlan;
  readonly policy: SandboxPolicy;
}

/**
 * Puts the sandbox of a request around its start, be it in `sandbox` or in the command line of an older client.
 * Throws RpcError where the request is wrong, and SandboxRefusal where this machine cannot do it; nothing was started.
 */
export async function confine(params: ProcessStartParams, plan: SpawnPlan): Promise<ConfinedStart> {
  const wanted = readRequest(params, plan);
  const sandbox = await sandboxFor(wanted.policy, wanted.plan);
  if (sandbox === undefined) return { plan: wanted.plan, mechanism: "none" };
  return { plan: { ...wanted.plan, sandbox }, mechanism: sandbox.mechanism.kind };
}

function readRequest(params: ProcessStartParams, plan: SpawnPlan): Wanted {
  const wrapped = parseWrapperCommand(params.argv, params.arg0);
  if (wrapped === null) {
    if (params.sandbox === null) return { plan, policy: { kind: "disabled" } };
    const cwd = typeof plan.cwd === "string" ? plan.cwd : null;
    return { plan, policy: resolvePolicy(params.sandbox, cwd) };
  }
  if (params.sandbox !== null && params.sandbox.permissions.type !== "disabled") {
    throw new RpcError(
      ErrorCode.invalidRequest,
      "the request asks for two sandboxes, one in `sandbox` and one in its command line; nothing was started",
    );
  }
  const [program, ...rest] = wrapped.argv;
  if (program === undefined) throw new RpcError(ErrorCode.invalidParams, "argv must not be empty");
  const { cwd, env, stdio } = plan;
  return {
    plan: { argv: [program, ...rest], cwd: wrapped.commandCwd ?? cwd, env, stdio },
    policy: wrapped.policy,
  };
}

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
      return { plan: everythingButNetwork, mechanism: { kind: "seccomp" } };
    case "managed": {
      const mechanism = await detectMechanism();
      const plan = planFor(policy, mechanism, start);
      if (plan.fullDiskRead && plan.fullDiskWrite && plan.network === "enabled") return undefined;
      if (mechanism.kind === "none") throw new SandboxRefusal(mechanism.reason);
      return { plan, mechanism };
    }
  }
}

function planFor(policy: ManagedPolicy, mechanism: Mechanism, start: Pick<SpawnPlan, "env">): SandboxPlan {
  const temporary = start.env.findLast(([name]) => name === "TMPDIR")?.[1];
  return planSandbox(
    policy,
    localFacts({
      temporaryDirectory: temporary?.startsWith("/") ? temporary : null,
      home: homedir(),
      // Masks and placeholders are bubblewrap's alone.
      privatePaths: mechanism.kind === "bubblewrap" ? [privateDirectory().path] : [],
    }),
  );
}

/** Somebody else holds the files; of ours is the filter alone. */
const everythingButNetwork: SandboxPlan = {
  disk: "write",
  rules: [],
  denyGlobs: [],
  links: [],
  network: "restricted",
  fullDiskRead: true,
  fullDiskWrite: true,
  deniedInodes: new Set(),
  alsoNamed: [],
  unscanned: [],
  key: "network",
};
