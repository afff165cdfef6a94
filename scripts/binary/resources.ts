import { chmod, copyFile, mkdir, rename } from "node:fs/promises";
import { root } from "../root.ts";

const source = `${root}/core/sandbox/bubblewrap/bundled`;
const folder = `${root}/dist/codex-resources`;

/** The bundled bubblewrap as the binary looks for it beside itself. */
export const bundledBubblewrap: string = `${folder}/bwrap`;

/** Puts the bubblewrap of this machine beside the binary, with its notice. Other systems than Linux have none. */
export async function placeResources(): Promise<void> {
  if (process.platform === "linux") await place(process.arch === "arm64" ? "arm64" : "x64", "bwrap");
}

/** The same for both machines, named for them; returns the names below dist/ of what was placed. */
export async function placeAllResources(): Promise<readonly string[]> {
  await place("x64", "bwrap-x64");
  await place("arm64", "bwrap-arm64");
  return ["codex-resources/bwrap-x64", "codex-resources/bwrap-arm64"];
}

async function place(machine: "x64" | "arm64", name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const text of ["NOTICE", "COPYING"]) await copyFile(`${source}/${text}`, `${folder}/bwrap.${text}`);
  // The old one may be running; a rename leaves it alone.
  await copyFile(`${source}/bwrap-${machine}`, `${folder}/.${name}.new`);
  await chmod(`${folder}/.${name}.new`, 0o755);
  await rename(`${folder}/.${name}.new`, `${folder}/${name}`);
}
