import type { ProcessStartParams } from "../../protocol/params/process.ts";
import type { MethodResults } from "../../protocol/results.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import { resolvePolicy } from "../../sandbox/policy/resolve-policy.ts";
import type { SandboxPolicy } from "../../sandbox/policy/sandbox-policy.ts";
import { parseWrapperCommand } from "../../sandbox/policy/wrapper-command.ts";
import { sandboxFor } from "../sandbox-for.ts";
import type { SpawnPlan } from "../spawned-process.ts";

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
