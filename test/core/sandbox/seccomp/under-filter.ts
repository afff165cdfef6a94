import { closeSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs a program in a plain bubblewrap with this filter, or with none; what it said, and its exit code. */
export function underFilter(
  filter: Uint8Array | undefined,
  argv: readonly string[],
): { out: string; err: string; code: number | null } {
  const path = join(tmpdir(), `filter-${process.pid}-${Bun.nanoseconds()}`);
  writeFileSync(path, filter ?? "");
  const descriptor = openSync(path, "r");
  rmSync(path);
  try {
    const option = filter === undefined ? [] : ["--seccomp", "3"];
    const view = [
      "--ro-bind",
      "/",
      "/",
      "--dev",
      "/dev",
      "--proc",
      "/proc",
      "--tmpfs",
      "/var/tmp",
      "--die-with-parent",
    ];
    const run = Bun.spawnSync(
      ["bwrap", ...view, "--unshare-pid", "--cap-drop", "ALL", ...option, "--", ...argv],
      {
        stdio: ["ignore", "pipe", "pipe", descriptor],
      },
    );
    return { out: run.stdout.toString(), err: run.stderr.toString(), code: run.exitCode };
  } finally {
    closeSync(descriptor);
  }
}
