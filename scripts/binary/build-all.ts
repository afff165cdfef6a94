import { $ } from "bun";
import { buildGuardian } from "../build-guardian.ts";
import { root } from "../root.ts";
import { compile } from "./compile.ts";
import { type Platform, platforms } from "./platforms.ts";
import { placeAllResources } from "./resources.ts";

/** Builds every platform into dist/ and lists the SHA-256 of each in dist/SHA256SUMS, as `sha256sum -c` reads it. */
export async function buildAll(): Promise<void> {
  await Promise.all([buildGuardian("x64"), buildGuardian("arm64")]);
  const sums: string[] = [];
  for (const platform of platforms) {
    const name = `codex-env-${platform.name}`;
    await build(platform, `${root}/dist/${name}`);
    sums.push(`${await sha256(`${root}/dist/${name}`)}  ${name}`);
    console.log(`dist/${name}${platform.lacks === undefined ? "" : `: ${platform.lacks}`}`);
  }
  for (const name of await placeAllResources()) sums.push(`${await sha256(`${root}/dist/${name}`)}  ${name}`);
  await Bun.write(`${root}/dist/SHA256SUMS`, `${sums.join("\n")}\n`);
}

async function build(platform: Platform, output: string): Promise<void> {
  const runtime = await $`${root}/scripts/toolchain/fetch-bun ${platform.runtime}`.text();
  await compile({ output, target: { name: `bun-${platform.name}`, runtime: runtime.trim() } });
}

async function sha256(path: string): Promise<string> {
  return new Bun.CryptoHasher("sha256").update(await Bun.file(path).bytes()).digest("hex");
}
