import { Judge } from "../../../../core/filesystem/sandboxed/judge.ts";
import { JudgedFileSystem } from "../../../../core/filesystem/sandboxed/judged-file-system.ts";
import { everythingGranted } from "../../../../core/sandbox/plan/everything-granted.ts";
import { describeFileSystem } from "../file-system-suite.ts";

describeFileSystem("the judged file system where everything is granted", async () => ({
  fileSystem: new JudgedFileSystem(new Judge(everythingGranted)),
  async [Symbol.asyncDispose]() {},
}));
