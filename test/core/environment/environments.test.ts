import { afterAll, beforeAll } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EnvironmentTransport } from "../../../core/environment/definition.ts";
import { EnvironmentManager } from "../../../core/environment/environment-manager.ts";
import { startTestServer } from "../../support/test-server.ts";
import { describeFileSystem } from "../filesystem/file-system-suite.ts";
import { atUrl, define, managerOptions, snapshotOf, stdioServer } from "./definitions.ts";
import { describeEnvironment, type OpenedEnvironment } from "./environment-suite.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "codex-env-sockets-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function remote(transport: EnvironmentTransport, server?: AsyncDisposable): OpenedEnvironment {
  const manager = new EnvironmentManager(snapshotOf([define("box", transport)]), managerOptions);
  return {
    environment: manager.default,
    async [Symbol.asyncDispose]() {
      await manager.close();
      await server?.[Symbol.asyncDispose]();
    },
  };
}

describeEnvironment("this machine", async () => {
  const manager = new EnvironmentManager(snapshotOf([]), managerOptions);
  return { environment: manager.default, [Symbol.asyncDispose]: () => manager.close() };
});

describeEnvironment("an environment behind a websocket", async () => {
  const server = await startTestServer();
  return remote(atUrl(server.url), server);
});

describeEnvironment("an environment behind a Unix socket", async () => {
  const server = await startTestServer({ listen: `unix://${directory}/s.sock` });
  return remote(atUrl(server.url), server);
});

describeEnvironment("an environment behind a program", async () => remote(stdioServer("echo Welcome")));

describeFileSystem("the files of an environment behind a program", async () => {
  const opened = remote(stdioServer());
  return {
    fileSystem: opened.environment.files,
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
});
