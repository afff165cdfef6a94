import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { $ } from "bun";
import { builtBinary } from "../support/built-binary.ts";

/** The smallest system that a container can be made of: busybox, and the libraries that codex-env needs. */
export interface RootDirectory extends Disposable {
  readonly path: string;
}

const busybox = "/bin/busybox";

/** Why there can be none here; undefined where there can. */
export const lacksBusybox: string | undefined = existsSync(busybox) ? undefined : "there is no busybox";

export async function makeRootDirectory(): Promise<RootDirectory> {
  const path = mkdtempSync(join(tmpdir(), "codex-env-root-"));
  for (const name of ["bin", "dev", "etc", "proc", "root", "run", "sys", "tmp"]) mkdirSync(join(path, name));
  copyFileSync(busybox, join(path, "bin/busybox"));
  for (const applet of (await $`${busybox} --list`.text()).trim().split("\n")) {
    if (applet !== "busybox") symlinkSync("busybox", join(path, "bin", applet));
  }
  for (const program of [busybox, builtBinary]) {
    const libraries = await $`ldd ${program}`.quiet().nothrow().text();
    for (const [library] of libraries.matchAll(/\/\S+(?= \()/g)) {
      mkdirSync(join(path, dirname(library)), { recursive: true });
      copyFileSync(library, join(path, library));
    }
  }
  writeFileSync(join(path, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  writeFileSync(join(path, "etc/is-container"), "");
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
