import { expect, test } from "bun:test";
import { join } from "node:path";
import { startTestServer } from "../../support/test-server.ts";

const root = join(import.meta.dir, "../../..");

/** What `codex-env exec` does, with a signal at the moment in which the start goes out. */
const program = `
  import { converse } from ${JSON.stringify(join(root, "cli/exec/converse.ts"))};
  import { connectClient } from ${JSON.stringify(join(root, "core/client/connect-client.ts"))};
  import { parseTarget } from ${JSON.stringify(join(root, "core/client/target.ts"))};

  const client = await connectClient(parseTarget(process.argv[1]), { clientName: "test" });
  const outcome = await converse({
    client,
    tty: false,
    stdin: false,
    canLeave: false,
    begin(sink) {
      const stdio = { kind: "pipes", stdin: false };
      const argv = ["sleep", "60"];
      const starting = client.processes.start({ argv, cwd: "file:///", env: {}, inherit: "all", stdio }, sink);
      process.kill(process.pid, "SIGTERM");
      return starting;
    },
  });
  console.log(JSON.stringify(outcome));
  process.exit(0);
`;

test("a signal that comes while the start is under way goes to the command, and not to us", async () => {
  await using server = await startTestServer();
  const child = Bun.spawn([process.execPath, "-e", program, server.url], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const printed = await child.stdout.text();
  expect([await child.exited, child.signalCode]).toEqual([0, null]);
  expect(JSON.parse(printed)).toEqual({ kind: "ended", status: { kind: "exited", code: 128 + 15 } });
});
