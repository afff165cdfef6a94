import { Glob } from "bun";
import { root } from "../root.ts";

/** Everything that the binary is made of. Tests, documents and other scripts do not change it. */
const ingredients = new Glob("{cli,core,scripts/binary,scripts/toolchain}/**/*");
const manifests = ["package.json", "bun.lock", "scripts/build-guardian.ts"];

/** A hash over the names and contents of every source, so that a build with nothing new can be skipped. */
export async function sourceHash(): Promise<string> {
  const names = await Array.fromAsync(ingredients.scan({ cwd: root }));
  const hasher = new Bun.CryptoHasher("sha256");
  for (const name of [...names, ...manifests].sort()) {
    const file = Bun.file(`${root}/${name}`);
    if (!(await file.exists())) continue;
    const content = await file.bytes();
    hasher.update(`${name}\0${content.length}\0`).update(content);
  }
  return hasher.digest("hex");
}
