import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import profiles from "../../fixtures/sandbox-profiles.json";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { WireClient } from "../../support/wire-client.ts";
import { differences } from "../difference.ts";
import { signedDifferences } from "../signed-differences/table.ts";
import { type CaseDifferences, judge } from "../verdict.ts";
import { ProfileFixture } from "./profile-fixture.ts";

const found: CaseDifferences[] = [];
let server: TestServer;

// Not /tmp and nothing in it: profiles grant the two apart.
const temporary = mkdtempSync("/var/tmp/sandbox-temporary-");

beforeAll(async () => {
  server = await startTestServer({ env: { TMPDIR: temporary } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(temporary, { recursive: true, force: true });
});

/** What our server answers to every operation of a recorded profile, one after another, and what is left after them. */
async function ask(profile: (typeof profiles)[number]): Promise<unknown> {
  using fixture = new ProfileFixture();
  const client = await WireClient.open(server.url);
  const sandbox = fixture.place(profile.sandbox);
  const results: Record<string, string> = {};
  for (const operation of Object.keys(profile.results))
    results[operation] = await fixture.answer(client, operation, sandbox);
  await client.close();
  return { results, left: fixture.left(Object.keys(profile.left)) };
}

describe("a profile gives the answers that were recorded of the published server, or those signed:", () => {
  for (const profile of profiles) {
    test(`profile ${profile.name}`, async () => {
      const name = `sandbox.profile.${profile.name}`;
      const { results, left } = profile;
      const result = { name, differences: differences({ results, left }, await ask(profile)) };
      found.push(result);
      expect(judge([result], signedDifferences).unsigned).toEqual([]);
    });
  }

  test("every signed difference is still one", () => {
    expect(judge(found, signedDifferences).stale).toEqual([]);
  });
});
