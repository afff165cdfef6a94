import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { relay } from "../../../cli/cp/relay.ts";
import { connectClient } from "../../../core/client/connect-client.ts";
import { parseTarget } from "../../../core/client/target.ts";
import { startTestServer } from "../../support/test-server.ts";

test("a copy whose destination cannot be opened leaves nothing open at its source", async () => {
  await using server = await startTestServer();
  using client = await connectClient(parseTarget(server.url), { clientName: "test" });
  const directory = mkdtempSync(join(tmpdir(), "codex-env-relay-"));
  const from = join(directory, "source");
  writeFileSync(from, "content");
  const progress = { begin() {}, advance() {}, restart() {}, done() {} };
  const transfer = { client, source: client, progress, signal: new AbortController().signal };
  const open = () =>
    readdirSync(`/proc/${server.pid}/fd`).filter((number) => linkOf(server.pid, number) === from);
  for (let attempt = 0; attempt < 5; attempt++) {
    const failed = relay(transfer, from, join(directory, "missing/target")).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(String(await failed)).toContain("No such file or directory");
  }
  expect(open()).toEqual([]);
  rmSync(directory, { recursive: true, force: true });
});

/** What a descriptor is; it may be closed while it is looked at. */
function linkOf(pid: number, number: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${number}`);
  } catch {
    return "";
  }
}
