import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SandboxRefusal } from "../sandbox-refusal.ts";
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
  const folder = makeFolder(privateDirectory().path);
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

function makeFolder(directory: string): string {
  try {
    return mkdtempSync(join(directory, "codex-env-"));
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EACCES")) throw cause;
    throw new SandboxRefusal(
      `this process already runs in a sandbox that keeps it from running programs in memory and from writing ${directory}: none can be made inside of it`,
      { cause },
    );
  }
}
