import { existsSync } from "node:fs";
import { join } from "node:path";
import type { RunDirectories } from "./fixed-environment.ts";

/** One of the two servers that answer the same questions. */
export interface Side {
  readonly name: "reference" | "ours";
  /** What starts it; the flags of a listener follow. */
  readonly command: readonly string[];
  readonly directories: RunDirectories;
}

/** The published server: `CODEX_BIN`, else the package installed beside this file by `install.ts`. */
export function referenceProgram(): string {
  const given = process.env.CODEX_BIN;
  if (given) return given;
  const modules = join(import.meta.dir, "node_modules/@openai");
  for (const [name, triple] of [
    ["codex-linux-x64", "x86_64-unknown-linux-musl"],
    ["codex-linux-arm64", "aarch64-unknown-linux-musl"],
  ]) {
    const program = join(modules, name ?? "", "vendor", triple ?? "", "bin/codex");
    if (existsSync(program)) return program;
  }
  throw new Error("the published codex is not installed: `bun test/conformance/run.ts` installs it");
}

export function referenceCommand(): readonly string[] {
  return [referenceProgram(), "exec-server"];
}
