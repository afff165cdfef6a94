import { afterAll, beforeAll, expect, test } from "bun:test";
import rows from "../../fixtures/sandbox-denied.json";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { WireClient } from "../../support/wire-client.ts";
import { differences } from "../difference.ts";
import { signedDifferences } from "../signed-differences/table.ts";
import { judge } from "../verdict.ts";
import { deniedCommand } from "./denied-commands.ts";

let server: TestServer;
let client: WireClient;

beforeAll(async () => {
  server = await startTestServer();
  client = await WireClient.open(server.url);
});
afterAll(async () => {
  client.vanish();
  await server[Symbol.asyncDispose]();
});

for (const { label, exitCode, sandboxDenied } of rows) {
  test(`sandboxDenied, ${label}: as it was recorded of the published server, or as signed`, async () => {
    const processId = label;
    const env = { PATH: "/usr/bin:/bin" };
    const members = { cwd: "file:///tmp", env, tty: false, ...deniedCommand(label) };
    await client.request("process/start", { processId, ...members });
    await client.waitProcessClosed(processId);
    const { params } = await client.waitExited(processId);
    const read = await client.request("process/read", { processId });
    const ours = [params, read].map((each) => ({
      exitCode: each.exitCode,
      sandboxDenied: "sandboxDenied" in each && each.sandboxDenied,
    }));
    const expected = [
      { exitCode, sandboxDenied },
      { exitCode, sandboxDenied },
    ];
    const result = { name: `sandbox.denied.${label}`, differences: differences(expected, ours) };
    expect(judge([result], signedDifferences).unsigned).toEqual([]);
  });
}
