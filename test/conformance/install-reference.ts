import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Installs the published codex, pinned by the lock file beside this one, unless it is there. It is a package of the
 * tests alone: 400 MB that nobody who builds or uses codex-env pays for.
 */
export async function installReference(): Promise<void> {
  if (process.env["CODEX_BIN"] || existsSync(join(import.meta.dir, "node_modules/@openai"))) return;
  const install = Bun.spawn([process.execPath, "install", "--frozen-lockfile"], {
    cwd: import.meta.dir,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const complaint = await new Response(install.stderr).text();
  if ((await install.exited) !== 0)
    throw new Error(`the published codex could not be installed: ${complaint}`);
}
