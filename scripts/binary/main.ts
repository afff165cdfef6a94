import { mkdir, rename, rm } from "node:fs/promises";
import { createConsola } from "consola";
import { root } from "../root.ts";
import { buildAll } from "./build-all.ts";
import { compile } from "./compile.ts";
import { libraryTypes, writeDeclarations } from "./declarations.ts";
import { bundledBubblewrap, placeResources } from "./resources.ts";
import { sourceHash } from "./source-hash.ts";

// stdout is for results; whoever pipes lines into scripts/start reads nothing of the build there.
const people = createConsola({ stdout: process.stderr });
const binary = `${root}/dist/codex-env`;
const stamp = `${root}/.cache/codex-env.built-from`;

await mkdir(`${root}/dist`, { recursive: true });
if (Bun.argv.includes("--all")) await buildAll();
else await buildForThisMachine();

async function buildForThisMachine(): Promise<void> {
  const hash = await sourceHash();
  if ((await isBuilt()) && (await lastHash()) === hash) return;
  people.start("Building dist/codex-env");
  await rm(stamp, { force: true });
  // The old binary may be running; a rename leaves it alone.
  await Promise.all([compile({ output: `${binary}.new` }), writeDeclarations()]);
  await rename(`${binary}.new`, binary);
  await placeResources();
  await Bun.write(stamp, hash);
}

async function isBuilt(): Promise<boolean> {
  if (process.platform === "linux" && !(await Bun.file(bundledBubblewrap).exists())) return false;
  return (await Bun.file(binary).exists()) && (await Bun.file(libraryTypes).exists());
}

async function lastHash(): Promise<string | undefined> {
  const file = Bun.file(stamp);
  return (await file.exists()) ? await file.text() : undefined;
}
