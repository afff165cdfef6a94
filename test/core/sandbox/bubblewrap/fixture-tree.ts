import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compileC } from "../../../support/compile-c.ts";
import { plainUser } from "./run-bubblewrap.ts";

const files = [
  "ws/a.txt",
  "ws/sub/y.txt",
  "ws/sub/deep/x.env",
  "ws/priv/p.txt",
  "ws/priv/way/open/o.txt",
  "ws/.git/config",
  "ws/ro/r.txt",
  "ws/ro/rw/w.txt",
  "ws/ro/rw/no.txt",
  "out/o.txt",
];

export interface FixtureTree extends Disposable {
  readonly root: string;
  /** A directory of the server's own: the mask is here. */
  readonly folder: string;
  /** The program that tries paths, in a directory of its own. */
  readonly program: string;
  /** Every file and directory of the tree. */
  readonly paths: readonly string[];
}

/** A workspace with what profiles speak of, owned by this user or by the plain one. */
export async function fixtureTree(asPlainUser = false): Promise<FixtureTree> {
  const compiled = await compileC(join(import.meta.dir, "fixtures/try-paths.c"));
  const root = mkdtempSync(join(tmpdir(), "bubblewrap-arguments-"));
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), file);
  }
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).map((name) => join(root, name));
  const folder = join(root, "own");
  const program = join(root, "bin/try-paths");
  mkdirSync(folder);
  mkdirSync(dirname(program));
  copyFileSync(compiled, program);
  writeFileSync(join(folder, "mask"), "");
  chmodSync(join(folder, "mask"), 0);
  if (asPlainUser) {
    for (const path of [root, folder, join(folder, "mask"), ...paths]) chownSync(path, plainUser, plainUser);
  }
  return {
    root,
    folder,
    program,
    paths,
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
