import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxFor } from "../../core/process/sandbox-for.ts";
import type { Mechanism } from "../../core/sandbox/host/mechanism.ts";
import type { ManagedPolicy, PolicyEntry } from "../../core/sandbox/policy/sandbox-policy.ts";
import type { Check } from "./check.ts";
import { runBriefly } from "./run-briefly.ts";

const about = { id: "sandboxedCommand", title: "a command in a sandbox" };

const readAll: PolicyEntry = { target: { kind: "root" }, access: "read" };
const writeWorkspace: PolicyEntry = { target: { kind: "projectRoots", subpath: null }, access: "write" };

/**
 * Exits 0 when the kernel says of the shell itself that a filter is on (2 is SECCOMP_MODE_FILTER), and 9 when it does
 * not; 8 when its directory cannot be written.
 */
const isFiltered =
  'while read -r name value; do [ "$name" = Seccomp: ] && [ "$value" = 2 ] && exit 0; done </proc/self/status; exit 9';
const writes = ": >made || exit 8";

/** Does for a moment what a sandboxed process/start does, in Codex's workspace-write mode where that can be held. */
export async function sandboxCheck(mechanism: Mechanism): Promise<Check> {
  if (mechanism.kind === "none") {
    return { ...about, state: "fails", finding: "nothing here can hold one; see above" };
  }
  const workspace = mkdtempSync(join(tmpdir(), "codex-env-doctor-"));
  try {
    return await runSandboxed(mechanism, workspace);
  } catch (error) {
    return { ...about, state: "fails", finding: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

async function runSandboxed(mechanism: Mechanism, workspace: string): Promise<Check> {
  // Landlock cannot take names from a directory that may be written.
  const canWrite = mechanism.kind === "bubblewrap";
  const policy = profile(canWrite ? [readAll, writeWorkspace] : [readAll], workspace);
  const sandbox = await sandboxFor(policy, { env: [] });
  if (sandbox === undefined) return { ...about, state: "fails", finding: "nothing would hold it" };
  const script = canWrite ? `${writes}; ${isFiltered}` : isFiltered;
  const status = await runBriefly(script, { sandbox, cwd: workspace });
  if (status.kind !== "exited" || status.code !== 0) {
    const end = status.kind === "exited" ? `exit code ${status.code}` : status.reason;
    return { ...about, state: "fails", finding: `it ended otherwise than it should: ${end}` };
  }
  const left = readdirSync(workspace).filter((name) => name !== "made");
  if (left.length > 0) return { ...about, state: "fails", finding: `it left ${left.join(", ")} behind` };
  return { ...about, state: "ok", finding: `ran one, held by ${mechanism.kind}` };
}

function profile(entries: readonly PolicyEntry[], workspace: string): ManagedPolicy {
  return {
    kind: "managed",
    entries,
    globScanMaxDepth: null,
    network: "restricted",
    cwd: workspace,
    workspaceRoots: [workspace],
    home: null,
  };
}
