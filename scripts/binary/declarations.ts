import { rename, rm } from "node:fs/promises";
import { root } from "../root.ts";

const folder = `${root}/dist/types`;

/** The types of what the package exports. */
export const libraryTypes = `${folder}/core/environment/library.d.ts`;

/**
 * Writes the types of the library. Who depends on this checkout is checked against them: our sources hold to our own
 * compiler's settings, and not to everybody's.
 */
export async function writeDeclarations(): Promise<void> {
  // What is wrong with the sources is the gate's business: here nothing is checked.
  const command = [`${root}/node_modules/.bin/tsc`, "-p", `${root}/scripts/binary/declarations.json`];
  await rm(`${folder}.new`, { recursive: true, force: true });
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "inherit" });
  const said = await child.stdout.text();
  if ((await child.exited) !== 0) throw new Error(`the types of the library cannot be written: ${said}`);
  await rm(folder, { recursive: true, force: true });
  await rename(`${folder}.new`, folder);
}
