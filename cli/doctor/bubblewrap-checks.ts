import type { HostExamination } from "../../core/sandbox/host/examine-host.ts";
import type { Attempt } from "../../core/sandbox/host/try-bubblewrap.ts";
import type { Check } from "./check.ts";

/** Which bubblewrap there is. One that works is enough. */
export function bubblewrapChecks({ system, bundled }: HostExamination): readonly Check[] {
  const anyWorks = system.kind === "works" || bundled.kind === "works";
  return [
    bubblewrapCheck(
      {
        id: "bubblewrap",
        title: "bubblewrap of the system",
        cure: "install it: apt-get install bubblewrap, dnf install bubblewrap, apk add bubblewrap",
      },
      system,
      anyWorks,
    ),
    bubblewrapCheck(
      {
        id: "bundledBubblewrap",
        title: "bubblewrap that came along",
        cure: "put the codex-resources folder of this very version beside the program",
      },
      bundled,
      anyWorks,
    ),
  ];
}

function bubblewrapCheck(
  about: { readonly id: string; readonly title: string; readonly cure: string },
  attempt: Attempt,
  anyWorks: boolean,
): Check {
  const { id, title, cure } = about;
  if (attempt.kind === "works") {
    const { version, path } = attempt.bubblewrap;
    return { id, title, state: "ok", finding: `${version}, ${path}` };
  }
  if (anyWorks) return { id, title, state: "note", finding: attempt.reason };
  const failing = { id, title, state: "fails", finding: attempt.reason } as const;
  // Where the system refuses, another program would not help: the checks below tell what would.
  return attempt.fault === "program" ? { ...failing, cure } : failing;
}
