import { expect, test } from "bun:test";
import { Workspace } from "../../../core/sandbox/plan/workspace.ts";
import { isAlive } from "../../../support/process-state.ts";
import { treeOf } from "../../../support/process-tree.ts";
import { startTestServer } from "../../../support/test-server.ts";
import { until } from "../../../support/wait.ts";
import { WireClient } from "../../../support/wire-client.ts";
import { rootsWrite, sandboxOf } from "./sandboxed-scope.ts";

test.each(["SIGTERM", "SIGKILL"] as const)(
  "a server that ends by %s leaves no helper behind",
  async (signal) => {
    using workspace = new Workspace();
    await using server = await startTestServer();
    const client = await WireClient.open(server.url);
    const sandbox = sandboxOf(workspace.ws, rootsWrite);
    await client.call("fs/readFile", { path: `file://${workspace.ws}/a.txt`, sandbox });
    const helpers = treeOf(server.pid).filter((pid) => pid !== server.pid);
    expect(helpers.length).toBeGreaterThan(1);
    server.signal(signal);
    await server.exited;
    expect(await until(() => !helpers.some((pid) => isAlive(pid)), 5_000)).toBe(true);
    client.vanish();
  },
);
