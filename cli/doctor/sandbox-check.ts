import { localFacts } from "../../core/sandbox/host/local-facts.ts";
import type { Mechanism } from "../../core/sandbox/host/mechanism.ts";
import { privateDirectory } from "../../core/sandbox/launch/private-directory.ts";
import { planSandbox } from "../../core/sandbox/plan/plan-sandbox.ts";
import type { ManagedPolicy } from "../../core/sandbox/policy/sandbox-policy.ts";
import type { Check } from "./check.ts";
import { runBriefly } from "./run-briefly.ts";

const about = { id: "sandboxedCommand", title: "a command in a sandbox" };

/** Codex's read-only mode. */
const readOnly: ManagedPolicy = {
  kind: "managed",
  entries: [{ target: { kind: "root" }, access: "read" }],
  globScanMaxDepth: null,
  network: "restricted",
  cwd: "/",
  workspaceRoots: [],
  home: null,
};

/** Exits 0 when the kernel says of the shell itself that a filter is on (2 is SECCOMP_MODE_FILTER), else 9. */
const isFiltered =
  'while read -r name value; do [ "$name" = Seccomp: ] && [ "$value" = 2 ] && exit 0; done </proc/self/status; exit 9';

/** Does for a moment what a sandboxed process/start does. */
export async function sandboxCheck(mechanism: Mechanism): Promise<Check> {
  if (mechanism.kind === "none") {
    return { ...about, state: "fails", finding: "nothing here can hold one; see above" };
  }
  try {
    const { path } = privateDirectory();
    const facts = localFacts({ temporaryDirectory: null, home: null, privatePaths: [path] });
    const status = await runBriefly(isFiltered, { plan: planSandbox(readOnly, facts), mechanism });
    if (status.kind === "exited" && status.code === 0) {
      return { ...about, state: "ok", finding: `ran one, held by ${mechanism.kind}` };
    }
    const end = status.kind === "exited" ? `exit code ${status.code}` : status.reason;
    return { ...about, state: "fails", finding: `it ended otherwise than it should: ${end}` };
  } catch (error) {
    return { ...about, state: "fails", finding: error instanceof Error ? error.message : String(error) };
  }
}
