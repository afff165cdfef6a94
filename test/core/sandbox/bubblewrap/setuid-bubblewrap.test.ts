import { expect, test } from "bun:test";
import { chmodSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import { explainRefusal } from "../../../../core/sandbox/host/explain-refusal.ts";
import { type FixtureTree, fixtureTree } from "./fixture-tree.ts";
import { plan } from "./hand-made-plan.ts";
import { plainUser, runBubblewrap } from "./run-bubblewrap.ts";

/** A copy of a program that runs as root whoever starts it. */
function setuid(tree: FixtureTree, program: string): string {
  const path = join(tree.root, "setuid");
  copyFileSync(program, path);
  chmodSync(path, 0o4755);
  return path;
}

async function takesEffect(): Promise<boolean> {
  using tree = await fixtureTree(true);
  const user = [
    "setpriv",
    "--reuid",
    `${plainUser}`,
    "--clear-groups",
    "--",
    setuid(tree, "/usr/bin/id"),
    "-u",
  ];
  return Bun.spawnSync(user).stdout.toString() === "0\n";
}

const canTry = process.geteuid?.() === 0 && (await takesEffect());
if (!canTry) console.log("skipped: no program can be made setuid here");

test.if(canTry)(
  "a bubblewrap that is setuid makes namespaces of root's, and is refused with that reason",
  async () => {
    using tree = await fixtureTree(true);
    const launcher = setuid(tree, "/usr/bin/bwrap");
    const { out, err } = runBubblewrap({
      plan: plan("read", []),
      argv: ["/bin/echo", "ran"],
      folder: tree.folder,
      asPlainUser: true,
      launcher,
    });
    expect(out).toBe("");
    expect(explainRefusal(err.trim())).toContain(
      "as with a bubblewrap that is setuid (what the sandbox is made of",
    );
  },
);
