import { chmodSync, closeSync, readFileSync } from "node:fs";
import { openMemoryProgram } from "../../host/descriptors.ts";
import { privateProgram } from "../../sandbox/launch/private-program.ts";
import arm64 from "./guardian/guardian-arm64.bin" with { type: "file" };
import x64 from "./guardian/guardian-x64.bin" with { type: "file" };

/** The guardian's program where exec finds it, for as long as it is not disposed. */
interface GuardianImage extends Disposable {
  readonly path: string;
}

/**
 * Hands `start` the path of the embedded program: in memory, and where the system refuses to run that (no /proc,
 * executable memory forbidden) in a file that no sandbox can write. Throws what the last try threw.
 */
export function withGuardianImage<T>(start: (path: string) => T): T {
  const program = readFileSync(process.arch === "arm64" ? arm64 : x64);
  if (program.length === 0) throw new Error(`this build has no guardian for ${process.arch}`);
  try {
    using image = inMemory(program);
    return start(image.path);
  } catch {
    using image = privateProgram("guardian", program);
    return start(image.path);
  }
}

function inMemory(program: Uint8Array): GuardianImage {
  const descriptor = openMemoryProgram(program);
  const path = `/proc/${process.pid}/fd/${descriptor}`;
  const image = { path, [Symbol.dispose]: () => closeSync(descriptor) };
  try {
    chmodSync(path, 0o500);
    return image;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}
