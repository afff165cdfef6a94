import { closeSync, constants, openSync, readlinkSync } from "node:fs";
import { limits } from "../../limits.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";

/** asm-generic/fcntl.h, the same on x86-64 and arm64; Node does not name it. */
const O_PATH = 0o10000000;

/**
 * Opens what bubblewrap is to bind, so that nothing else can be bound in its place: descriptors by path, which the caller
 * closes. Throws SandboxRefusal when a path of the plan has gone or leads elsewhere since it was made.
 */
export function openBoundPaths(paths: readonly string[]): ReadonlyMap<string, number> {
  const opened = new Map<string, number>();
  try {
    for (const path of paths.slice(0, limits.sandboxBoundDescriptors)) opened.set(path, open(path));
    return opened;
  } catch (error) {
    for (const descriptor of opened.values()) closeSync(descriptor);
    if (error instanceof SandboxRefusal) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new SandboxRefusal(`what the sandbox is made of has changed at its start: ${why}`, {
      cause: error,
    });
  }
}

function open(path: string): number {
  const descriptor = openSync(path, O_PATH | constants.O_NOFOLLOW);
  const found = readlinkSync(`/proc/self/fd/${descriptor}`);
  if (found === path) return descriptor;
  closeSync(descriptor);
  throw new SandboxRefusal(`${path} is no longer where it was: it leads to ${found}`);
}
