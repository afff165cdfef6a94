import { createGuardedSpawner } from "../../core/process/local/guarded-spawner.ts";
import type { ExitStatus, ProcessSandbox } from "../../core/process/spawned-process.ts";

export interface BriefOptions {
  readonly sandbox: ProcessSandbox;
  readonly cwd: string;
}

/** Runs a few lines of shell under the guardian, as a client's command is run, and sees the end of its whole tree. */
export async function runBriefly(script: string, options?: BriefOptions): Promise<ExitStatus> {
  const spawner = createGuardedSpawner();
  try {
    const child = await spawner.spawn({
      argv: ["/bin/sh", "-c", script],
      cwd: options?.cwd ?? "/",
      env: [],
      stdio: { kind: "pipes", stdin: false },
      ...(options === undefined ? {} : { sandbox: options.sandbox }),
    });
    for (const output of child.outputs) output.close();
    const status = await child.exited;
    child.killTree();
    await child.treeGone;
    return status;
  } finally {
    await spawner[Symbol.asyncDispose]();
  }
}
