import { Judge } from "../../../../core/filesystem/sandboxed/judge.ts";
import { JudgedFileSystem } from "../../../../core/filesystem/sandboxed/judged-file-system.ts";
import { describeFileSystem } from "../file-system-suite.ts";
import { everythingGranted } from "./everything-granted.ts";

describeFileSystem("the judged file system where everything is granted", async () => ({
  fileSystem: new JudgedFileSystem(new Judge(everythingGranted)),
  async [Symbol.asyncDispose]() {},
}));
