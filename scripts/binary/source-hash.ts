import { Glob } from "bun";
import { root } from "../root.ts";

// One pattern each: Bun's Glob matches nothing for braces with a slash inside.
const folders = ["cli/**/*", "core/**/*", "scripts/binary/**/*", "scripts/toolchain/**/*"];
const files = ["package.json", "bun.lock", "scripts/build-guardian.ts", "scripts/native-programs.ts"];

/** Every file that the binary is made of. Tests, documents and other scripts do not change it. */
export async function ingredients(): Promise<readonly string[]> {
  const found = folders.map((pattern) => Array.fromAsync(new Glob(pattern).scan({ cwd: root })));
  return [...(await Promise.all(found)).flat(), ...files].filter((name) => !name.endsWith(".md")).sort();
}

/** A hash over the names and contents of every source, so that a build with nothing new can be skipped. */
export async function sourceHash(): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  for (const name of await ingredients()) {
    const content = await Bun.file(`${root}/${name}`).bytes();
    hasher.update(`${name}\0${content.length}\0`).update(content);
  }
  return hasher.digest("hex");
}
