import { afterAll, beforeAll } from "bun:test";
import { connectClient } from "../../../core/client/connect-client.ts";
import { parseTarget } from "../../../core/client/target.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { describeFileSystem } from "./file-system-suite.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

describeFileSystem("the file system of a server, through a client", async () => {
  const client = await connectClient(parseTarget(server.url), { clientName: "suite" });
  return {
    fileSystem: client.files,
    async [Symbol.asyncDispose]() {
      client.close();
    },
  };
});
