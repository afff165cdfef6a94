import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxFor } from "../../core/process/sandbox-for.ts";
import type { Mechanism } from "../../core/sandbox/mechanism.ts";
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

/** Codex's modes, of which the first is the easier to hold. */
const modes = [
  { mode: "read-only", entries: [readAll], script: isFiltered },
  { mode: "workspace-write", entries: [readAll, writeWorkspace], script: `${writes}; ${isFiltered}` },
] as const;

type ModeTrial = (typeof modes)[number];

export interface SandboxTrial {
  readonly check: Check;
  /** The modes in which a command was run. */
  readonly running: readonly string[];
  readonly refused: readonly { readonly mode: string; readonly reason: string }[];
}

/** Does for a moment what a sandboxed process/start does, in each of Codex's modes. */
export async function trySandbox(mechanism: Mechanism): Promise<SandboxTrial> {
  if (mechanism.kind === "none") {
    const finding = "nothing here can hold one; see above";
    return { check: { ...about, state: "fails", finding }, running: [], refused: [] };
  }
  const running: string[] = [];
  const refused: { mode: string; reason: string }[] = [];
  for (const trial of modes) {
    const reason = await faultOf(trial);
    if (reason === undefined) running.push(trial.mode);
    else refused.push({ mode: trial.mode, reason });
  }
  return { check: checkOf(mechanism, running, refused), running, refused };
}

function checkOf({ kind }: Mechanism, running: readonly string[], refused: SandboxTrial["refused"]): Check {
  if (refused.length === 0) return { ...about, state: "ok", finding: `ran one, held by ${kind}` };
  const ran = running.map((mode) => `${mode}: ran one, held by ${kind}`);
  const faults = refused.map(({ mode, reason }) => `${mode}: ${reason}`);
  return { ...about, state: "fails", finding: [...ran, ...faults].join("; ") };
}

/** What keeps a command from running in a mode; undefined: it ran as it should. */
async function faultOf(trial: ModeTrial): Promise<string | undefined> {
  const workspace = mkdtempSync(join(tmpdir(), "codex-env-doctor-"));
  try {
    return await runIn(trial, workspace);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    // The name of a directory that is gone by then tells nobody anything.
    return words.replaceAll(`${workspace}/`, "").replaceAll(workspace, "the workspace");
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

async function runIn({ entries, script }: ModeTrial, workspace: string): Promise<string | undefined> {
  const sandbox = await sandboxFor(profile(entries, workspace), { env: [] });
  if (sandbox === undefined) return "nothing would hold it";
  const status = await runBriefly(script, { sandbox, cwd: workspace });
  if (status.kind !== "exited") return `it ended otherwise than it should: ${status.reason}`;
  if (status.code !== 0) return `it ended otherwise than it should: exit code ${status.code}`;
  const left = readdirSync(workspace).filter((name) => name !== "made");
  return left.length === 0 ? undefined : `it left ${left.join(", ")} behind`;
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
