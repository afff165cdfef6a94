import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RegisteredCommand } from "../../../cli/exec/registered-command.ts";
import { openLink } from "../../../cli/link/open-link.ts";
import { startTestServer } from "../../support/test-server.ts";

test("a command whose end is heard before the answer to its start leaves no note", async () => {
  const home = mkdtempSync(join(tmpdir(), "codex-env-note-"));
  const before = process.env["XDG_STATE_HOME"];
  process.env["XDG_STATE_HOME"] = home;
  await using server = await startTestServer();
  const link = await openLink(
    {
      environment: undefined,
      url: server.url,
      tokenFile: undefined,
      caFile: undefined,
      resume: true,
      sessionTtl: undefined,
    },
    { clientName: "test", usualTtlSeconds: 1, uses: ["commands"], onState() {}, note() {} },
  );
  const spec = {
    argv: ["true"],
    cwd: "file:///",
    env: {},
    inherit: "all",
    stdio: { kind: "pipes", stdin: false },
  } as const;
  const remote = await link.client.processes.start(spec, () => undefined);
  const notes = () =>
    existsSync(join(home, "codex-env/sessions")) ? readdirSync(join(home, "codex-env/sessions")) : [];
  const usual = new RegisteredCommand(link, ["true"]);
  usual.started(remote);
  expect(notes()).toHaveLength(1);
  usual.end();
  expect(notes()).toEqual([]);
  const hasty = new RegisteredCommand(link, ["true"]);
  hasty.end();
  hasty.started(remote);
  expect(notes()).toEqual([]);
  await link.close();
  if (before === undefined) delete process.env["XDG_STATE_HOME"];
  else process.env["XDG_STATE_HOME"] = before;
  rmSync(home, { recursive: true, force: true });
});
