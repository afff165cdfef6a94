import { LocalFileSystem } from "../../../core/filesystem/local/local-file-system.ts";
import { describeFileSystem } from "./file-system-suite.ts";

describeFileSystem("the local file system", async () => ({
  fileSystem: new LocalFileSystem(),
  async [Symbol.asyncDispose]() {},
}));
