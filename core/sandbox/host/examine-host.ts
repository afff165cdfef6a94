import { bundledBubblewrap } from "./bundled-bubblewrap.ts";
import type { Candidate } from "./candidate.ts";
import { landlockAbi, takesNoNewPrivileges, takesSeccompFilters } from "./kernel-facts.ts";
import { systemBubblewrap } from "./system-bubblewrap.ts";
import { type Attempt, tryBubblewrap } from "./try-bubblewrap.ts";
import { type NamespaceTrials, tryNamespaces } from "./try-namespaces.ts";

/** Everything about a Linux machine that its sandboxes stand on, tried out one by one for somebody who asks why. */
export interface HostExamination {
  readonly system: Attempt;
  readonly bundled: Attempt;
  /** Undefined where there is no bubblewrap that could try. */
  readonly namespaces: NamespaceTrials | undefined;
  /** 0: there is no Landlock. */
  readonly landlockAbi: number;
  readonly seccomp: boolean;
  readonly noNewPrivileges: boolean;
}

/** Takes some 20 ms, nearly all of it in other processes. */
export async function examineHost(): Promise<HostExamination> {
  const [system, bundled] = [systemBubblewrap(), bundledBubblewrap()];
  const candidate = [system, bundled].find(isFound);
  const [systemAttempt, bundledAttempt, namespaces] = await Promise.all([
    tryBubblewrap(system, "system"),
    tryBubblewrap(bundled, "bundled"),
    candidate === undefined ? undefined : tryNamespaces(candidate.open),
  ]);
  return {
    system: systemAttempt,
    bundled: bundledAttempt,
    namespaces,
    landlockAbi: landlockAbi(),
    seccomp: takesSeccompFilters(),
    noNewPrivileges: takesNoNewPrivileges(),
  };
}

function isFound(candidate: Candidate): candidate is Extract<Candidate, { readonly kind: "found" }> {
  return candidate.kind === "found";
}
