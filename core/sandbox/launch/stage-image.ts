import { closeSync, fchmodSync, openSync, readFileSync } from "node:fs";
import { openMemoryProgram } from "../../host/descriptors.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import arm64 from "../stage/stage-arm64.bin" with { type: "file" };
import x64 from "../stage/stage-x64.bin" with { type: "file" };
import { privateProgram } from "./private-program.ts";

let opened: number | undefined;

/**
 * A descriptor of the stage's program, for reading and execution only; the same one each time, and never closed.
 * Throws SandboxRefusal where this build has no stage.
 */
export function stageProgram(): number {
  opened ??= open();
  return opened;
}

function open(): number {
  const program = readFileSync(process.arch === "arm64" ? arm64 : x64);
  if (program.length === 0) throw new SandboxRefusal(`this build has no sandbox stage for ${process.arch}`);
  try {
    return openInMemory(program);
  } catch {
    // Where the system forbids to run what lies in memory.
    return openUnlinked(program);
  }
}

function openInMemory(program: Uint8Array): number {
  const writable = openMemoryProgram(program);
  try {
    fchmodSync(writable, 0o500);
    return openSync(`/proc/self/fd/${writable}`, "r");
  } finally {
    closeSync(writable);
  }
}

function openUnlinked(program: Uint8Array): number {
  using file = privateProgram("stage", program);
  return openSync(file.path, "r");
}
