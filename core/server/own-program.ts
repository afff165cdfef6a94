import { constants, existsSync, openSync } from "node:fs";
import { SandboxRefusal } from "../sandbox/sandbox-refusal.ts";

let opened: number | undefined;

/**
 * A descriptor of this very program, kept open: also when its file was replaced meanwhile, helpers are what the server
 * is. A server that runs from its sources takes the build that lies beside them. Throws SandboxRefusal without one.
 */
export function ownProgram(): number {
  opened ??= openSync(programPath(), constants.O_RDONLY | O_CLOEXEC);
  return opened;
}

function programPath(): string {
  // Where a compiled program sees its own modules.
  if (import.meta.path.startsWith("/$bunfs/")) return "/proc/self/exe";
  const built = new URL("../../dist/codex-env", import.meta.url).pathname;
  if (existsSync(built)) return built;
  throw new SandboxRefusal(
    `this server runs from its sources, and ${built}, which helpers are, is not built`,
  );
}

const O_CLOEXEC = 0o2000000;
