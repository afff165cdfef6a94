import { expect, test } from "bun:test";

const probe = `import { originalOpenFilesLimit } from "${import.meta.dir}/../../../core/host/open-files-limit.ts";
console.log(originalOpenFilesLimit());`;

/** What a Bun says that was started by a shell with these limits. */
function probed(limits: string): string {
  // The last command keeps the shell from becoming Bun: it must stay its parent.
  const shell = Bun.spawnSync(["bash", "-c", `${limits}; "$0" -e "$1"; true`, process.execPath, probe]);
  return shell.stdout.toString().trim();
}

test("the original limit of open files is the parent's soft one where Bun raised ours", () => {
  expect(probed("ulimit -Hn 5000; ulimit -Sn 512")).toBe("512");
});

test("the original limit of open files is left alone where nothing was raised", () => {
  expect(probed("ulimit -n 2000")).toBe("0");
});
