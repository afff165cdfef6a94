import { limits } from "../../limits.ts";
import type { Expansion, HardLinks, HostFacts } from "../plan/host-facts.ts";
import { planSandbox } from "../plan/plan-sandbox.ts";
import type { SandboxPlan } from "../plan/sandbox-plan.ts";
import type { ManagedPolicy } from "../policy/sandbox-policy.ts";
import { expansion } from "./expand-glob.ts";
import { hardLinksLook } from "./hard-links-below.ts";
import type { Look } from "./look.ts";

/**
 * Plans as planSandbox does for mounts, and keeps nobody waiting for the searches through directories that a plan may
 * need, a second for half a million names: they are gone through in turns with everybody else, and the plan is made once they are
 * done. Rejects with SandboxRefusal.
 */
export async function planInTurns(
  policy: ManagedPolicy,
  known: HostFacts,
  turnMs: number = limits.sandboxSearchTurnMs,
): Promise<SandboxPlan> {
  const globs = new Searches<Expansion>(turnMs);
  const links = new Searches<HardLinks>(turnMs);
  for (;;) {
    const until = performance.now() + turnMs;
    try {
      return planSandbox(policy, {
        ...known,
        expand: (glob, depth) =>
          globs.found(`${glob.base}\0${glob.rest}`, () => expansion(glob, depth), until),
        hardLinks: (directory) => links.found(directory, () => hardLinksLook(directory), until),
      });
    } catch (error) {
      if (!(error instanceof UnfinishedSearch)) throw error;
      await error.finish();
    }
  }
}

/** What was found, and what is being looked for, by what is looked for. */
class Searches<T> {
  readonly #found = new Map<string, T>();
  readonly #begun = new Map<string, Look<T>>();
  readonly #turnMs: number;

  constructor(turnMs: number) {
    this.#turnMs = turnMs;
  }

  /** Throws {@link UnfinishedSearch} when it is not found by then (of performance.now()). */
  found(key: string, begin: () => Look<T>, until: number): T {
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const look = this.#begun.get(key) ?? begin();
    this.#begun.set(key, look);
    if (this.#goOn(key, look, until)) return this.found(key, begin, until);
    throw new UnfinishedSearch(async () => {
      do await new Promise<void>((resume) => setImmediate(resume));
      while (!this.#goOn(key, look, performance.now() + this.#turnMs));
    });
  }

  /** Looks into one more directory at least. True: it is done. */
  #goOn(key: string, look: Look<T>, until: number): boolean {
    do {
      const step = look.next();
      if (!step.done) continue;
      this.#found.set(key, step.value);
      return true;
    } while (performance.now() < until);
    return false;
  }
}

class UnfinishedSearch extends Error {
  override readonly name = "UnfinishedSearch";
  readonly finish: () => Promise<void>;

  constructor(finish: () => Promise<void>) {
    super("a search goes on");
    this.finish = finish;
  }
}
