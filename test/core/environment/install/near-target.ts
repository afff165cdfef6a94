import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { carrierOf } from "../../../../core/environment/install/carrier.ts";
import type { TargetShell } from "../../../../core/environment/install/target-shell.ts";

export interface NearTarget extends Disposable {
  readonly home: string;
  readonly shell: TargetShell;
}

export interface NearTargetOptions {
  /** A line for sh that runs `"$@"`, which is what is to be run: what stands between here and there. */
  readonly between?: string;
  /** The only programs on its PATH; default: those of this machine. */
  readonly programs?: readonly string[];
}

/** A home of its own on this machine, reached by a program that starts others: a target in all but the distance. */
export function nearTarget({ between = 'exec "$@"', programs }: NearTargetOptions = {}): NearTarget {
  const home = mkdtempSync(join(tmpdir(), "codex-env-near-"));
  const path = programs === undefined ? process.env["PATH"] : home;
  for (const name of programs ?? []) symlinkSync(Bun.which(name) ?? "", join(home, name));
  const variables = ["-i", `HOME=${home}`, `PATH=${path}`];
  const argv = ["sh", "-c", between, "near", "env", ...variables, "codex-env", "serve", "--listen", "stdio"];
  const carrier = carrierOf(argv);
  if (carrier === undefined) throw new Error("it starts no server");
  return {
    home,
    shell: { name: "near", carrier },
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}
