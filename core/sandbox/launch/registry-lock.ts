import { closeSync, constants, openSync } from "node:fs";
import { join } from "node:path";
import { tryLock } from "../../host/file-lock.ts";
import { limits } from "../../limits.ts";

/** The registry while nobody else changes it or what it names: for some system calls. Undefined: somebody has it. */
export function tryRegistry(registry: string): Disposable | undefined {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
  const descriptor = openSync(join(registry, ".lock"), flags, 0o600);
  const close = (): void => closeSync(descriptor);
  try {
    if (tryLock(descriptor, "exclusive")) return { [Symbol.dispose]: close };
  } catch (error) {
    close();
    throw error;
  }
  close();
  return undefined;
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** The same, waiting for it as long as an event loop may stand still. */
export function waitForRegistry(registry: string): Disposable | undefined {
  for (let tries = 0; tries < limits.registryTries; tries++) {
    const had = tryRegistry(registry);
    if (had !== undefined) return had;
    Atomics.wait(pause, 0, 0, 1);
  }
  return undefined;
}
