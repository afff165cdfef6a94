import { existsSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";

/** The versions that are held against the server here; the newest is in test/conformance. */
export const olderVersions = ["0.131.0", "0.150.0"] as const;

const modules = join(import.meta.dir, "node_modules");

/** Installs the older clients, pinned by the lock file beside this one, unless they are there: 540 MB. */
export async function installOlderClients(): Promise<void> {
  if (olderVersions.every((version) => existsSync(folderOf(version)))) return;
  const install = Bun.spawn([process.execPath, "install", "--frozen-lockfile", "--ignore-scripts"], {
    cwd: import.meta.dir,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const complaint = await install.stderr.text();
  if ((await install.exited) !== 0) throw new Error(`older clients could not be installed: ${complaint}`);
}

/** The program of one version. Its place inside the package differs from version to version. */
export function olderClient(version: string): string {
  const [found] = new Glob("vendor/*/{bin,codex}/codex").scanSync({ cwd: folderOf(version) });
  if (found === undefined) throw new Error(`codex ${version} is not in ${folderOf(version)}`);
  return join(folderOf(version), found);
}

function folderOf(version: string): string {
  return join(modules, `codex-${version}-linux-${process.arch}`);
}
