import { beforeAll, expect, test } from "bun:test";
import { envFixture } from "../../cli/env/env-fixture.ts";
import { ourServerCommand } from "../../support/our-program.ts";
import { startTestServer } from "../../support/test-server.ts";
import { installReference } from "../install-reference.ts";
import { referenceProgram } from "../side.ts";
import { AppServer } from "./app-server.ts";

const fixture = envFixture();

beforeAll(installReference, 120_000);

test("the published client, on entries that env add wrote, reaches a server by its program and by its URL, with the token that was stored", async () => {
  const token = `${fixture.home}/token`;
  await Bun.write(token, "0123456789abcdef0123456789abcdef");
  await using server = await startTestServer({
    flags: ["--ws-auth", "capability-token", "--ws-token-file", token],
  });
  const [command = "", ...args] = ourServerCommand();
  await fixture.run([
    "add",
    "stdio",
    "--program",
    command,
    "--",
    ...args,
    "--listen",
    "stdio",
    "--log-level",
    "warn",
  ]);
  await fixture.run(["add", "web", "--url", server.url, "--token-file", token, "--store-token"]);
  await using client = await AppServer.start(referenceProgram(), fixture.home);
  for (const environmentId of ["stdio", "web"]) {
    expect(await client.ask("environment/info", { environmentId })).toMatchObject({
      result: { shell: { path: expect.stringMatching(/^\//) }, cwd: expect.stringMatching(/^file:\/\/\//) },
    });
  }
  expect(await client.ask("environment/status", { environmentId: "web" })).toMatchObject({
    result: { status: "ready" },
  });
});
