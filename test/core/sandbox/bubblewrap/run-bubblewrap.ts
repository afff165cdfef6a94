import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type BubblewrapLaunch,
  bubblewrapArguments,
} from "../../../../core/sandbox/bubblewrap/bubblewrap-arguments.ts";
import { type HostMounts, hostMounts } from "../../../../core/sandbox/bubblewrap/host-mounts.ts";
import { laterMounts } from "../../../../core/sandbox/bubblewrap/later-mounts.ts";
import { stageProgram } from "../../../../core/sandbox/launch/stage-image.ts";
import type { SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { seccompProgram } from "../../../../core/sandbox/seccomp/seccomp-program.ts";

/** A plain user, where the tests run as root. */
export const plainUser = 12_345;

export interface BubblewrapRun {
  readonly plan: SandboxPlan;
  readonly argv: readonly [string, ...string[]];
  /** A directory for the mask and for what else is written on the way. */
  readonly folder: string;
  readonly launch?: Partial<BubblewrapLaunch>;
  readonly asPlainUser?: boolean;
  /** A program, with its arguments, that becomes the launcher. */
  readonly before?: readonly string[];
  /** Another bubblewrap than the one on the PATH. */
  readonly launcher?: string;
  /** The host's mounts, where those are others than this process's. */
  readonly host?: HostMounts;
}

interface Ended {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

/** What such a launch has ready beside the plan. */
export const usualLaunch: BubblewrapLaunch = {
  seccompDescriptor: 3,
  maskFile: "/mask",
  placeholders: new Map(),
  newSession: true,
};

/** Everything that is mounted for a plan, in bubblewrap's words. */
export function mountWords(plan: SandboxPlan, launch: Partial<BubblewrapLaunch> = {}): readonly string[] {
  const { bubblewrap, later } = bubblewrapArguments(plan, { ...usualLaunch, ...launch });
  return [...bubblewrap, ...later];
}

/** Runs a program in the real bubblewrap as the arguments of a plan have it, with the later mounts, as a launch does. */
export function runBubblewrap(run: BubblewrapRun): Ended {
  const { plan, folder } = run;
  const launch = { ...usualLaunch, maskFile: join(folder, "mask"), ...run.launch };
  const made = bubblewrapArguments(plan, launch);
  const { shown, plan: steps } = laterMounts(made, plan.disk, run.host ?? hostMounts());
  writeFileSync(
    join(folder, "filter"),
    seccompProgram(plan.network, process.arch === "arm64" ? "arm64" : "x64"),
  );
  writeFileSync(join(folder, "words"), [...made.bubblewrap, ...shown].map((word) => `${word}\0`).join(""));
  writeFileSync(join(folder, "steps"), steps);
  // A copy that the plain user may run as well.
  writeFileSync(join(folder, "stage"), readFileSync(`/proc/self/fd/${stageProgram()}`), { mode: 0o755 });
  const launcher = run.launcher ?? Bun.which("bwrap");
  if (launcher === null) throw new Error("there is no bwrap on the PATH");
  using opened = new DisposableStack();
  const files = ["filter", "words", "steps", "stage"].map((name) => join(folder, name));
  const handed = [...files, launcher].map((path) => opened.adopt(openSync(path, "r"), closeSync));
  const user = [
    "/usr/bin/setpriv",
    "--reuid",
    `${plainUser}`,
    "--regid",
    `${plainUser}`,
    "--clear-groups",
    "--",
  ];
  const ended = Bun.spawnSync(
    [
      ...(run.before ?? []),
      ...(run.asPlainUser === true ? user : []),
      ...["/proc/self/fd/6", "trial", "7", "5", "8", "bwrap", "--args", "4"],
      ...["--", "/proc/self/fd/6", "after", "8", ...run.argv],
    ],
    {
      cwd: "/",
      env: { PATH: "/usr/bin:/bin" },
      stdio: ["ignore", "pipe", "pipe", ...handed],
    },
  );
  return { out: ended.stdout.toString(), err: ended.stderr.toString(), code: ended.exitCode };
}
