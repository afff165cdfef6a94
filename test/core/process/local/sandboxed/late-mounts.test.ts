import { expect, test } from "bun:test";
import { join } from "node:path";
import { hasBubblewrap } from "./fixtures/sandboxed-workspace.ts";

const shared = ["unshare", "--mount", "--propagation", "shared", "--"];
const canMount = process.geteuid?.() === 0 && Bun.spawnSync([...shared, "true"]).exitCode === 0;
if (!canMount) console.log("skipped: mounts cannot be made here");

test.if(hasBubblewrap && canMount)(
  "what root's host mounts later is not seen in a sandbox, let alone writable",
  async () => {
    const fixture = join(import.meta.dir, "fixtures/mount-late.ts");
    const child = Bun.spawn([...shared, process.execPath, fixture], { stdout: "pipe", stderr: "pipe" });
    const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    expect([err, code]).toEqual(["", 0]);
    const { said, file } = JSON.parse(out);
    expect(said).toContain("No such file or directory");
    expect(said).toContain("Read-only file system");
    expect(said).toContain("done");
    expect(file).toBe("as it was\n");
  },
);
