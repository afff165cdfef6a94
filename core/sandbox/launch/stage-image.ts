import { readFileSync } from "node:fs";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import arm64 from "../stage/stage-arm64.bin" with { type: "file" };
import x64 from "../stage/stage-x64.bin" with { type: "file" };
import { openProgram } from "./open-program.ts";

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
  return openProgram("stage", program);
}
