import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { privateDirectory } from "./private-directory.ts";

/** A program in a file, for as long as it is not disposed. */
export interface PrivateProgram extends Disposable {
  readonly path: string;
}

/**
 * Writes a program of ours where no sandboxed command can write it before it is executed: for machines that do not run
 * what lies in memory. Throws SandboxRefusal, or Node's error.
 */
export function privateProgram(name: string, program: Uint8Array): PrivateProgram {
  const folder = mkdtempSync(join(privateDirectory().path, "codex-env-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const path = join(folder, name);
    writeFileSync(path, program, { mode: 0o500, flag: "wx" });
    return { path, [Symbol.dispose]: remove };
  } catch (error) {
    remove();
    throw error;
  }
}
