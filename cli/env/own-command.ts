import { realpathSync } from "node:fs";
import { ownBinary } from "../../core/environment/install/own-binary.ts";

/** How another program on this machine starts us: by our name where the PATH leads to us, else by our path. */
export function ownCommand(): string {
  const onPath = Bun.which("codex-env");
  const own = ownBinary();
  if (own === undefined) return "codex-env";
  return onPath !== null && realpathSync(onPath) === realpathSync(own) ? "codex-env" : own;
}
