import { accessAbove } from "../plan/access-above.ts";
import type { PathRule, SandboxPlan } from "../plan/sandbox-plan.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import {
  ALL_FILE_RIGHTS,
  ALL_SCOPES,
  ALL_TCP_RIGHTS,
  DEVICE_RIGHTS,
  READ_DIR,
  READ_RIGHTS,
  WRITE_RIGHTS,
} from "./access-rights.ts";

/** A Landlock domain as data: what it handles is refused wherever no rule grants it. */
export interface LandlockRules {
  readonly handledFs: bigint;
  readonly handledNet: bigint;
  readonly scoped: bigint;
  /** Holds for the path and everything below it. A file takes the rights that files have. */
  readonly rules: readonly { readonly path: string; readonly access: bigint }[];
}

/** What the rules depend on beside the plan. */
export interface LandlockFacts {
  /** Landlock's version in this kernel. */
  readonly abi: number;
  /** Names in `/`; see rootEntries. */
  readonly rootEntries: readonly string[];
  /**
   * The program judges every path by itself and lets nobody read through it but what the plan grants: it gets /proc,
   * without which Bun does not start. Others get it with the disk alone: command lines of the host are there.
   */
  readonly judged: boolean;
}

/**
 * Linux 6.12. Before it a domain does not keep signals inside: a sandboxed program could end every process of its
 * account. A filter cannot tell own processes from others', so that nothing but refusing is left.
 */
export const leastLandlockAbi = 6;

/** Devices that hold nothing and reach nobody; no pseudo terminals, since the host's are among them. */
const harmlessDevices = ["null", "zero", "full", "random", "urandom", "tty"].map((name) => `/dev/${name}`);

/**
 * The domain that holds a process to a plan without namespaces. Landlock only grants, and never takes away again below
 * a grant: a plan with something narrower below something wider is refused, and so is what it does not see.
 *
 * It must go with the filter for "landlock", which guards what no right stands for: metadata of files, shared memory,
 * limits and priorities of other processes, Unix sockets. Programs that look at themselves in /proc (Bun and Java among
 * them) do not start where the disk is not readable. Within a domain names and metadata of closed files can be
 * looked up (not listed), and command lines of host processes are read with the disk. Their environment and memory
 * cannot: the kernel refuses to trace across a domain's border.
 *
 * Throws SandboxRefusal that names what cannot be expressed.
 */
export function landlockRules(plan: SandboxPlan, facts: LandlockFacts): LandlockRules {
  if (facts.abi < leastLandlockAbi) {
    throw new SandboxRefusal(
      `Landlock ${facts.abi} of this kernel cannot keep signals inside a sandbox; ${leastLandlockAbi} (Linux 6.12) can`,
    );
  }
  if (plan.disk === "write") {
    throw new SandboxRefusal(
      "Landlock cannot keep /proc, /sys and /dev from being written to on a writable disk",
    );
  }
  const above = accessAbove(plan);
  const glob = plan.denyGlobs[0];
  if (glob !== undefined)
    throw new SandboxRefusal(`Landlock cannot deny ${glob.pattern}: it knows no patterns`);
  return {
    handledFs: ALL_FILE_RIGHTS,
    handledNet: plan.network === "restricted" ? ALL_TCP_RIGHTS : 0n,
    scoped: ALL_SCOPES,
    rules: [
      ...(plan.disk === "read" ? readableDisk(facts.rootEntries) : []),
      ...(facts.judged ? [{ path: "/proc", access: READ_RIGHTS }] : []),
      ...harmlessDevices.map((path) => ({ path, access: DEVICE_RIGHTS })),
      ...plan.rules.flatMap((rule) => grant(rule, above(rule.path))),
    ],
  };
}

/** Everything but /dev: other terminals of the account are there, and for root the disks. */
function readableDisk(entries: readonly string[]): LandlockRules["rules"] {
  return [
    { path: "/", access: READ_DIR },
    ...entries.filter((name) => name !== "dev").map((name) => ({ path: `/${name}`, access: READ_RIGHTS })),
  ];
}

function grant(rule: PathRule, above: string): LandlockRules["rules"] {
  if (rule.access !== "write" && above === "write") {
    throw new SandboxRefusal(
      `Landlock cannot make ${rule.path} narrower than the writable directory around it`,
    );
  }
  // A closed path around it: nothing is granted there, and nothing has to be taken away.
  if (rule.access === "deny") return refuseOpen(rule, above);
  if (rule.stands === "missing" || rule.access === above) return [];
  if (rule.access === "read") return [{ path: rule.path, access: READ_RIGHTS }];
  if (/^\/(proc|sys|dev)(\/|$)/.test(rule.path) && !/^\/dev\/shm(\/|$)/.test(rule.path)) {
    throw new SandboxRefusal(
      `Landlock cannot open ${rule.path} for writing: what is there belongs to the whole host`,
    );
  }
  return [{ path: rule.path, access: WRITE_RIGHTS }];
}

/**
 * The server's own directory is passed over where it is readable only: an empty mask and names of placeholders are
 * all that is in it, and the filter lets nobody connect to a socket.
 */
function refuseOpen(rule: PathRule, above: string): [] {
  if (above !== "read" || rule.stands === "missing" || rule.why === "private") return [];
  throw new SandboxRefusal(`Landlock cannot deny ${rule.path} inside a readable directory`);
}
