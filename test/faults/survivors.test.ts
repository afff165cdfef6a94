import { expect, test } from "bun:test";
import { processesWithEnvironment } from "../support/process-tree.ts";
import { startTestServer } from "../support/test-server.ts";
import { until } from "../support/wait.ts";
import { WireClient } from "../support/wire-client.ts";
import { shell, startParams } from "./child.ts";

/** What hostile or careless commands leave behind. Each prints `ready` once everything of it runs. */
const leavers: Readonly<Record<string, { readonly script: string; readonly processes: number }>> = {
  "a background child": { script: "sleep 300 & echo ready; wait", processes: 2 },
  "a setsid child": { script: "setsid sleep 300 & echo ready; wait", processes: 2 },
  "a double-forked daemon": {
    script:
      "(setsid sh -c '(sleep 300 </dev/null >/dev/null 2>&1 &) ; sleep 0.1' &); sleep 0.4; echo ready; wait; sleep 300",
    processes: 2,
  },
  "a nohup child that ignores TERM": {
    script: "nohup sh -c 'trap \"\" TERM HUP INT; sleep 300; sleep 300' >/dev/null 2>&1 & echo ready; wait",
    processes: 3,
  },
};

async function startLeaver(client: WireClient, name: string, tty: boolean) {
  const mark = crypto.randomUUID();
  const leaver = leavers[name] ?? { script: "", processes: 0 };
  const env = { PATH: "/usr/bin:/bin", FAULTS_MARK: mark };
  await client.request("process/start", startParams("p", shell(leaver.script), { env, tty }));
  await client.waitFor(() => client.outputOf("p").includes("ready"));
  const survivors = () => processesWithEnvironment(`FAULTS_MARK=${mark}`);
  await until(() => survivors().length >= leaver.processes, 3000);
  expect(survivors().length).toBeGreaterThanOrEqual(leaver.processes);
  return survivors;
}

const eight = Object.keys(leavers).flatMap((name) => [
  { name, tty: false },
  { name, tty: true },
]);

test.each(eight)(
  "terminate ends $name within 2 s (tty: $tty)",
  async ({ name, tty }) => {
    await using server = await startTestServer();
    const client = await WireClient.open(server.url);
    const survivors = await startLeaver(client, name, tty);
    expect((await client.call("process/terminate", { processId: "p" })).result?.running).toBe(true);
    await until(() => survivors().length === 0, 2000);
    expect(survivors()).toEqual([]);
    await client.waitProcessClosed("p", 3000);
    client.vanish();
  },
  30_000,
);

test.each(eight)(
  "the end of its session ends $name within 2 s (tty: $tty)",
  async ({ name, tty }) => {
    await using server = await startTestServer({ flags: ["--session-ttl", "1"] });
    const client = await WireClient.open(server.url);
    const survivors = await startLeaver(client, name, tty);
    client.vanish();
    await until(() => survivors().length === 0, 1000 + 2000 + 500);
    expect(survivors()).toEqual([]);
  },
  30_000,
);

test("a server left on purpose behind nohup outlives its command's closed and the client's terminate, and dies with its session", async () => {
  await using server = await startTestServer({ flags: ["--session-ttl", "1"] });
  const client = await WireClient.open(server.url);
  const mark = crypto.randomUUID();
  const env = { PATH: "/usr/bin:/bin", FAULTS_MARK: mark };
  const survivors = () => processesWithEnvironment(`FAULTS_MARK=${mark}`);
  const script =
    "nohup sleep 300 </dev/null >/dev/null 2>&1 & setsid sleep 301 </dev/null >/dev/null 2>&1 & exit 0";
  await client.request("process/start", startParams("p", shell(script), { env }));
  await client.waitProcessClosed("p");
  expect((await client.call("process/terminate", { processId: "p" })).result?.running).toBe(false);
  await until(() => false, 500);
  expect(survivors().length).toBe(2);
  client.vanish();
  await until(() => survivors().length === 0, 4000);
  expect(survivors()).toEqual([]);
}, 30_000);

test("an exit is reported at once while a grandchild holds the pipe; closed follows when it lets go", async () => {
  await using server = await startTestServer();
  const client = await WireClient.open(server.url);
  const begun = performance.now();
  await client.request("process/start", startParams("p", shell("sleep 1.5 & echo out; exit 7")));
  const exited = await client.waitExited("p");
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(exited.params.exitCode).toBe(7);
  expect((await client.request("process/read", { processId: "p" })).closed).toBe(false);
  const closed = await client.waitProcessClosed("p", 5000);
  expect(performance.now() - begun).toBeGreaterThan(1300);
  expect(closed.params.seq).toBe(client.eventsOf("p").length);
  client.vanish();
}, 30_000);

test("terminate reaches a grandchild that holds the pipe after its leader has exited", async () => {
  await using server = await startTestServer();
  const client = await WireClient.open(server.url);
  await client.request("process/start", startParams("p", shell("sleep 300 & exit 0")));
  await client.waitExited("p");
  expect((await client.call("process/terminate", { processId: "p" })).result?.running).toBe(false);
  await client.waitProcessClosed("p", 2000);
  client.vanish();
}, 30_000);
