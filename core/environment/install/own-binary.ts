import { existsSync } from "node:fs";

/** The file of the codex-env that runs here; from the sources, the build beside them; undefined where there is none. */
export function ownBinary(): string | undefined {
  // Where a compiled program sees its own modules.
  const compiled = import.meta.path.startsWith("/$bunfs/");
  const path = compiled ? process.execPath : new URL("../../../dist/codex-env", import.meta.url).pathname;
  return existsSync(path) ? path : undefined;
}
