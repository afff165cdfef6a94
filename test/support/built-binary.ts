import { existsSync } from "node:fs";
import { join } from "node:path";

/** The compiled program. The gate builds it first; by hand, `scripts/build` does. */
export const builtBinary: string = join(import.meta.dir, "../../dist/codex-env");

if (!existsSync(builtBinary)) throw new Error("dist/codex-env is not built: run scripts/build");
