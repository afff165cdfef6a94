import { existsSync } from "node:fs";
import { join } from "node:path";

const project = join(import.meta.dir, "../..");

/**
 * What runs codex-env: the built binary, which the gate has just made; or the sources, where there is no build or
 * `CODEX_ENV_FROM_SOURCE` is set. `CODEX_ENV_SERVER` names another server altogether, with its arguments up to
 * `--listen`, separated by blanks: for showing what a test says about the reference.
 */
export function ourServerCommand(
  fromSource = process.env["CODEX_ENV_FROM_SOURCE"] !== undefined,
): readonly string[] {
  const other = process.env["CODEX_ENV_SERVER"];
  if (other) return other.split(" ");
  const built = join(project, "dist/codex-env");
  if (!fromSource && existsSync(built)) return [built, "serve"];
  return [process.execPath, join(project, "cli/main.ts"), "serve"];
}
