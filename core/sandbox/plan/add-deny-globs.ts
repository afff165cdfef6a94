import type { ManagedPolicy } from "../policy/sandbox-policy.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { addDenied } from "./add-entry.ts";
import { compileGlob, GlobMistake, literalName, splitPattern } from "./compile-glob.ts";
import type { DenyGlob } from "./deny-glob.ts";
import type { Drafting, PlanPurpose } from "./drafting.ts";
import { beginGlob, stepGlob } from "./glob-matches.ts";
import type { HostFacts, OtherPlace } from "./host-facts.ts";
import { childPath, normalPath } from "./lexical-path.ts";

export interface AddedGlobs {
  readonly patterns: readonly DenyGlob[];
  readonly unscanned: readonly string[];
}

/**
 * Understands a policy's deny globs, and makes rules of what matches them now. As in the reference a glob grants nothing;
 * one that is to make writable places read-only is refused.
 */
export function addDenyGlobs(policy: ManagedPolicy, drafting: Drafting, purpose: PlanPurpose): AddedGlobs {
  const patterns: DenyGlob[] = [];
  const unscanned: string[] = [];
  const writesSomewhere = policy.entries.some(
    ({ target, access }) => access === "write" && target.kind !== "glob",
  );
  for (const { target, access } of policy.entries) {
    if (target.kind !== "glob" || access === "write") continue;
    if (access === "read") {
      if (writesSomewhere) throw refusal(target.pattern, "globs can deny, and not make anything read-only");
      continue;
    }
    for (const start of startsOf(target.pattern, policy, drafting.facts)) {
      for (const glob of everywhere(understood(target.pattern, start, drafting), drafting)) {
        if (patterns.some(({ base, rest }) => base === glob.base && rest === glob.rest)) continue;
        patterns.push(glob);
        if (purpose === "judgement") continue;
        const found = drafting.facts.expand(glob, policy.globScanMaxDepth);
        for (const path of found.matches) addDenied(path, "glob", drafting);
        unscanned.push(...found.unscanned);
      }
    }
  }
  return { patterns, unscanned };
}

interface Start {
  /** A directory, literally. */
  readonly directory: string;
  readonly rest: string;
}

const projectRoots = "codex-project-roots://";

/** Where a pattern starts: at the root, the home, the workspace roots or cwd. */
function startsOf(pattern: string, policy: ManagedPolicy, facts: HostFacts): readonly Start[] {
  if (pattern.startsWith("/")) return [{ directory: "/", rest: pattern }];
  if (pattern.startsWith(projectRoots)) {
    const rest = pattern.slice(projectRoots.length);
    return policy.workspaceRoots.map((directory) => ({ directory, rest }));
  }
  if (pattern === "~" || pattern.startsWith("~/")) {
    const home = policy.home ?? facts.home;
    if (home === null) throw refusal(pattern, "it starts at a home directory, and none is known");
    return [{ directory: home, rest: pattern.slice(1) }];
  }
  if (policy.cwd === null) throw refusal(pattern, "it is relative, and the request names no cwd");
  return [{ directory: policy.cwd, rest: pattern }];
}

/** Splits what is fixed off a pattern and follows its links. */
function understood(pattern: string, { directory, rest }: Start, { resolver, links }: Drafting): DenyGlob {
  try {
    const names = splitPattern(rest);
    if (names.length === 0) throw refusal(pattern, "it names nothing");
    let base = normalPath(directory);
    while (names.length > 1) {
      const literal = literalName(names[0] ?? "");
      if (literal === null) break;
      base = childPath(base, literal);
      names.shift();
    }
    const below = names.join("/");
    compileGlob(below);
    const real = resolver.resolve(base);
    if (real.path === "/") {
      throw new SandboxRefusal(
        `unreadable glob \`${pattern}\` cannot be safely expanded; use a pattern with a non-root directory prefix`,
      );
    }
    links.add({ access: "read", why: "glob" }, real, false);
    return { pattern: childPath(real.path, below), base: real.path, rest: below };
  } catch (error) {
    if (error instanceof GlobMistake) throw refusal(pattern, `it holds ${error.message}`);
    throw error;
  }
}

/** A glob, and what it comes to where the host shows its base, or something below it, a second time. */
function everywhere(glob: DenyGlob, drafting: Drafting): readonly DenyGlob[] {
  const others = drafting.facts.otherPlaces(glob.base).filter(({ path }) => path !== "/");
  return [glob, ...others.flatMap((place) => movedGlob(glob, place, drafting))];
}

function movedGlob(glob: DenyGlob, { path, shows }: OtherPlace, drafting: Drafting): readonly DenyGlob[] {
  let progress = beginGlob(glob);
  for (const name of splitPattern(shows)) {
    const next = stepGlob(glob, progress, name);
    if (next.matched) {
      addDenied(path, "glob", drafting);
      return [];
    }
    progress = next.progress;
  }
  const names = splitPattern(glob.rest);
  return progress.flatMap((index) => {
    const rest = names.slice(index).join("/");
    return rest === "" ? [] : [{ pattern: childPath(path, rest), base: path, rest }];
  });
}

function refusal(pattern: string, reason: string): SandboxRefusal {
  return new SandboxRefusal(`unreadable glob \`${pattern}\` cannot be enforced: ${reason}`);
}
