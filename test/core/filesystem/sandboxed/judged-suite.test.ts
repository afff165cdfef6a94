import { JudgedFileSystem } from "../../../../core/filesystem/sandboxed/judged-file-system.ts";
import type { SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { describeFileSystem } from "../file-system-suite.ts";

const everythingGranted: SandboxPlan = {
  disk: "write",
  rules: [],
  denyGlobs: [],
  links: [],
  network: "restricted",
  fullDiskRead: true,
  fullDiskWrite: true,
  deniedInodes: new Set(),
  unscanned: [],
  key: "everything",
};

describeFileSystem("the judged file system where everything is granted", async () => ({
  fileSystem: new JudgedFileSystem(everythingGranted),
  async [Symbol.asyncDispose]() {},
}));
