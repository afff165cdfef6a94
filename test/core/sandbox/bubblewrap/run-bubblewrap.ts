import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type BubblewrapLaunch,
  bubblewrapArguments,
} from "../../../../core/sandbox/bubblewrap/bubblewrap-arguments.ts";
import type { SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { seccompProgram } from "../../../../core/sandbox/seccomp/seccomp-program.ts";

/** A plain user, where the tests run as root. */
export const plainUser = 12_345;

export interface BubblewrapRun {
  readonly plan: SandboxPlan;
  readonly argv: readonly string[];
  /** A directory for the mask and for what else is written on the way. */
  readonly folder: string;
  readonly launch?: Partial<BubblewrapLaunch>;
  /** Descriptors that bubblewrap finds at 5, 6, ... */
  readonly descriptors?: readonly number[];
  readonly asPlainUser?: boolean;
}

/** Runs a program in the real bubblewrap as the arguments of a plan have it, the way a launch does. */
export function runBubblewrap(run: BubblewrapRun): { out: string; err: string; code: number | null } {
  const words = bubblewrapArguments(run.plan, {
    seccompDescriptor: 3,
    maskFile: join(run.folder, "mask"),
    placeholders: new Map(),
    descriptors: new Map(),
    newSession: true,
    ...run.launch,
  });
  writeFileSync(
    join(run.folder, "filter"),
    seccompProgram(run.plan.network, process.arch === "arm64" ? "arm64" : "x64"),
  );
  writeFileSync(join(run.folder, "words"), words.map((word) => `${word}\0`).join(""));
  const filter = openSync(join(run.folder, "filter"), "r");
  const told = openSync(join(run.folder, "words"), "r");
  const user = ["setpriv", "--reuid", `${plainUser}`, "--regid", `${plainUser}`, "--clear-groups", "--"];
  try {
    const ended = Bun.spawnSync(
      [...(run.asPlainUser === true ? user : []), "bwrap", "--args", "4", "--", ...run.argv],
      {
        cwd: "/",
        env: { PATH: "/usr/bin:/bin" },
        stdio: ["ignore", "pipe", "pipe", filter, told, ...(run.descriptors ?? [])],
      },
    );
    return { out: ended.stdout.toString(), err: ended.stderr.toString(), code: ended.exitCode };
  } finally {
    closeSync(filter);
    closeSync(told);
  }
}
