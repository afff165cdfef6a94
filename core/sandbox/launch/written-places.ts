import { join } from "node:path";
import type { PathRule, SandboxPlan } from "../plan/sandbox-plan.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { PlaceLedger } from "./place-ledger.ts";
import { privateDirectory } from "./private-directory.ts";

let ledger: PlaceLedger | undefined;

/**
 * A process is about to run under a plan: what it may write it may exchange for links. All servers of the account know
 * when this returns. Throws SandboxRefusal where they cannot be told.
 */
export function notePlacesWritten(plan: Pick<SandboxPlan, "disk" | "rules">): void {
  const written = placesWritten(plan);
  if (written.length === 0) return;
  telling(() => {
    const known = accountLedger();
    for (const path of written) known.add(path);
  });
}

/**
 * Directories in which a process under a plan can make links that lead to more than it may write itself. No rule says that
 * a disk is writable as a whole; where nothing of it was kept from the process, no link leads to more.
 */
export function placesWritten({ disk, rules }: Pick<SandboxPlan, "disk" | "rules">): readonly string[] {
  if (disk === "write" && rules.some(isKept)) return ["/"];
  return rules
    .filter(({ access, stands }) => access === "write" && stands === "directory")
    .map(({ path }) => path);
}

function isKept({ access, why }: PathRule): boolean {
  return access !== "write" && (why === "entry" || why === "glob");
}

/** Whether a sandboxed process of any server of the account may have made what stands at a path. Throws SandboxRefusal. */
export function mayBeWritten(path: string): boolean {
  return telling(() => accountLedger().holds(path));
}

/**
 * Keeps what servers note from now on, also once those have gone. Where that cannot be, this does nothing, and
 * {@link mayBeWritten} says why when it is asked.
 */
export function followPlacesWritten(): void {
  try {
    telling(accountLedger);
  } catch (error) {
    if (!(error instanceof SandboxRefusal)) throw error;
  }
}

function accountLedger(): PlaceLedger {
  if (ledger?.stands === true) return ledger;
  const { path } = privateDirectory();
  // Somebody has taken the file away: whoever comes later should know what we know.
  const next = PlaceLedger.open(join(path, "written-places"), ledger?.places);
  ledger?.[Symbol.dispose]();
  ledger = next;
  return next;
}

function telling<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof SandboxRefusal) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SandboxRefusal(`servers cannot tell each other where sandboxes write: ${reason}`, { cause });
  }
}
