import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Place } from "../../../cli/connect/place.ts";
import { openLink } from "../../../cli/link/open-link.ts";
import { connectClient } from "../../../core/client/connect-client.ts";
import { parseTarget } from "../../../core/client/target.ts";
import { runningCommands } from "../../support/running-commands.ts";
import { startTestServer } from "../../support/test-server.ts";

const spec = (...argv: [string, ...string[]]) =>
  ({ argv, cwd: "file:///", env: {}, inherit: "all", stdio: { kind: "pipes", stdin: false } }) as const;

test("the end of the REPL ends a line whose start is under way, and lets no other begin", async () => {
  const home = mkdtempSync(join(tmpdir(), "codex-env-place-"));
  const before = process.env["XDG_STATE_HOME"];
  process.env["XDG_STATE_HOME"] = home;
  await using server = await startTestServer();
  using other = await connectClient(parseTarget(server.url), { clientName: "other" });
  const request = {
    environment: undefined,
    url: server.url,
    tokenFile: undefined,
    caFile: undefined,
    resume: true,
    sessionTtl: undefined,
  };
  const place = await Place.open({
    open: (_again, events) =>
      openLink(request, { ...events, clientName: "test", usualTtlSeconds: 60, uses: [], note() {} }),
    told() {},
  });
  const marker = `61.${process.pid}`;
  const start = () => place.client.processes.start(spec("sleep", marker), () => undefined).catch(String);
  const starting = start();
  await Bun.sleep(0);
  const closing = place.close([]);
  expect(await start()).toContain("the client is closed");
  await Promise.all([closing, starting]);
  // What the server was asked before this it has done.
  await other.processes.start(spec("true"), () => undefined);
  expect(runningCommands(`sleep ${marker}`)).toEqual([]);
  if (before === undefined) delete process.env["XDG_STATE_HOME"];
  else process.env["XDG_STATE_HOME"] = before;
  rmSync(home, { recursive: true, force: true });
});
