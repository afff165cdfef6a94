import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { landlockAbi } from "../../../../core/sandbox/host/kernel-facts.ts";
import { landlockRules, leastLandlockAbi } from "../../../../core/sandbox/landlock/landlock-rules.ts";
import { rootEntries } from "../../../../core/sandbox/landlock/root-entries.ts";
import type { SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { seccompProgram } from "../../../../core/sandbox/seccomp/seccomp-program.ts";
import { compileC } from "../../../support/compile-c.ts";
import { plainUser } from "../bubblewrap/run-bubblewrap.ts";

/** Whether this kernel can show anything of it; says so if not. */
export const hasLandlock: boolean = landlockAbi() >= leastLandlockAbi;
if (!hasLandlock)
  console.error(`Landlock ${landlockAbi()} is here, ${leastLandlockAbi} is needed: nothing is tried`);

export interface Ended {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

/** Runs a program in the domain and under the filter of a plan, also as a plain user where the tests run as root. */
export async function runLandlock(
  plan: SandboxPlan,
  argv: readonly string[],
  how: { readonly judged?: boolean; readonly asPlainUser?: boolean } = {},
): Promise<Ended> {
  const program = await compileC(join(import.meta.dir, "fixtures/under-landlock.c"));
  const { handledFs, handledNet, scoped, rules } = landlockRules(plan, {
    abi: landlockAbi(),
    rootEntries: rootEntries(),
    judged: how.judged === true,
  });
  const folder = mkdtempSync(join(tmpdir(), "landlock-"));
  writeFileSync(join(folder, "rules"), rules.map(({ path, access }) => `${access} ${path}\n`).join(""));
  const machine = process.arch === "arm64" ? "arm64" : "x64";
  writeFileSync(join(folder, "filter"), seccompProgram(plan.network, machine, "landlock"));
  const descriptors = [openSync(join(folder, "rules"), "r"), openSync(join(folder, "filter"), "r")];
  rmSync(folder, { recursive: true });
  try {
    const user = ["setpriv", "--reuid", `${plainUser}`, "--regid", `${plainUser}`, "--clear-groups", "--"];
    const account = how.asPlainUser === true && process.geteuid?.() === 0 ? user : [];
    const child = Bun.spawn([...account, program, `${handledFs}`, `${handledNet}`, `${scoped}`, ...argv], {
      cwd: "/",
      stdio: ["ignore", "pipe", "pipe", ...descriptors],
    });
    const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    return { out, err, code };
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}
