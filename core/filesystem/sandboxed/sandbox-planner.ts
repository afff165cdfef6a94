import { limits } from "../../limits.ts";
import { RpcError } from "../../protocol/rpc-error.ts";
import type { SandboxContext } from "../../protocol/sandbox.ts";
import { planInTurns } from "../../sandbox/host/plan-in-turns.ts";
import { fullDiskRead, fullDiskWrite } from "../../sandbox/plan/full-disk.ts";
import type { HostFacts } from "../../sandbox/plan/host-facts.ts";
import { planSandbox } from "../../sandbox/plan/plan-sandbox.ts";
import type { SandboxPlan } from "../../sandbox/plan/sandbox-plan.ts";
import { withMinimal } from "../../sandbox/plan/with-minimal.ts";
import { resolvePolicy } from "../../sandbox/policy/resolve-policy.ts";
import type { ManagedPolicy } from "../../sandbox/policy/sandbox-policy.ts";
import type { DeniedLook } from "./judge.ts";
import { helperNotPrepared } from "./pool/helper-failure.ts";
import { RecentFacts } from "./recent-facts.ts";

/** What a request's sandbox means for files. */
export interface FilesystemPlan {
  /** Reading, writing is restricted nowhere. */
  readonly fullDiskRead: boolean;
  readonly fullDiskWrite: boolean;
  /** What it means on this machine now. */
  plan(): SandboxPlan;
  /** Looks for every denied file that has further names; null: not all places where they could be were looked at. */
  deniedInodes(): Promise<DeniedLook | null>;
}

/** Makes plans for the requests of one connection. Policies are kept; the disk is looked at for every request. */
export class SandboxPlanner {
  readonly #facts: RecentFacts;
  /** By the text of the wire's context; the one used last at the end. */
  readonly #policies = new Map<string, ManagedPolicy | null>();

  constructor(facts: () => HostFacts) {
    this.#facts = new RecentFacts(facts);
  }

  /** Null: this sandbox restricts no files. It and its plans throw RpcError for what cannot be enforced. */
  plan(context: SandboxContext): FilesystemPlan | null {
    const policy = this.#policyOf(context);
    if (policy === null) return null;
    const facts = this.#facts;
    return {
      fullDiskRead: fullDiskRead(policy),
      fullDiskWrite: fullDiskWrite(policy),
      plan: () => prepared(() => planSandbox(policy, facts.now(), "judgement")),
      async deniedInodes() {
        // Whatever happened before the request is then older than `before`, and whatever happens during the look is not.
        await Bun.sleep(2 * limits.fsClockTickMs);
        const before = Date.now() - limits.fsClockTickMs;
        const known = prepared(() => facts.now());
        const { deniedInodes, unscanned } = await planInTurns(policy, known).catch(notPrepared);
        return unscanned.length === 0 ? { inodes: deniedInodes, before } : null;
      },
    };
  }

  #policyOf(context: SandboxContext): ManagedPolicy | null {
    const text = JSON.stringify(context);
    const known = this.#policies.get(text);
    this.#policies.delete(text);
    const policy = known === undefined ? filesPolicy(context) : known;
    this.#policies.set(text, policy);
    if (this.#policies.size > limits.fsPolicies) this.#forgetOldest();
    return policy;
  }

  #forgetOldest(): void {
    for (const text of this.#policies.keys()) {
      this.#policies.delete(text);
      return;
    }
  }
}

/** The network is none of a helper's business, so that requests that differ in it alone share one. */
function filesPolicy(context: SandboxContext): ManagedPolicy | null {
  const policy = resolvePolicy(context, null);
  return policy.kind === "managed" ? withMinimal({ ...policy, network: "restricted" }) : null;
}

function prepared<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    return notPrepared(cause);
  }
}

function notPrepared(cause: unknown): never {
  throw cause instanceof RpcError ? cause : helperNotPrepared(cause);
}
