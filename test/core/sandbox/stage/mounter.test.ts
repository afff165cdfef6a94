import { expect, test } from "bun:test";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { readableMemoryFile } from "../../../../core/sandbox/launch/memory-file.ts";
import { stageProgram } from "../../../../core/sandbox/launch/stage-image.ts";

/** Runs a script of Python in bubblewrap's place, with a plan for the mounter. */
function surround(script: string, steps: readonly string[]): { readonly out: string; readonly err: string } {
  using opened = new DisposableStack();
  const plan = opened.adopt(readableMemoryFile(Buffer.from(["", ...steps, ""].join("\0"))), closeSync);
  const python = opened.adopt(openSync("/usr/bin/python3", "r"), closeSync);
  const { stdout, stderr } = Bun.spawnSync(
    [
      ...["/usr/bin/timeout", "20", "/usr/bin/unshare", "--pid", "--fork", "--kill-child", "--mount-proc"],
      ...[
        "/proc/self/fd/5",
        "around",
        "4",
        "3",
        "6",
        "python3",
        join(import.meta.dir, "fixtures", script),
        "6",
      ],
    ],
    { cwd: "/", env: {}, stdio: ["ignore", "pipe", "pipe", plan, python, stageProgram()] },
  );
  return { out: stdout.toString(), err: stderr.toString() };
}

const isRoot = process.getuid?.() === 0;
if (!isRoot)
  console.error("skipped: only root makes a pid namespace as it stands, and chooses numbers in it");

test.if(isRoot)("nothing is mounted for who has the number of a first program that has ended", () => {
  expect(surround("reused-pid.py", ["d000 /mnt"])).toEqual({ out: "[]\n", err: "" });
});

test.if(isRoot)(
  "what is closed has to be the sandbox's own: a file system of the host's may have got its name",
  () => {
    expect(surround("first-program.py", ["d000 /mnt", "c /mnt"])).toEqual({ out: "\n", err: "" });
    expect(surround("first-program.py", ["c /"])).toEqual({ out: "/: Stale file handle\n", err: "" });
  },
);
