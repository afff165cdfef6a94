import { expect, test } from "bun:test";
import { processesWithEnvironment } from "../support/process-tree.ts";
import { startTestServer } from "../support/test-server.ts";
import { until } from "../support/wait.ts";
import { WireClient } from "../support/wire-client.ts";
import { shell, startParams } from "./child.ts";

const children = 100;

/** A session with 100 children of every kind, each with a grandchild; how to find whatever becomes of them. */
async function crowd(url: string) {
  const mark = `FAULTS_MARK=${crypto.randomUUID()}`;
  const [name = "", value = ""] = mark.split("=");
  const client = await WireClient.open(url);
  const env = { PATH: "/usr/bin:/bin", [name]: value };
  const scripts = [
    "sleep 300 & wait",
    "trap '' TERM HUP INT; sleep 300 & wait",
    "setsid sleep 300 & wait",
    "exec sleep 300",
  ];
  await Promise.all(
    Array.from({ length: children }, (_, i) => {
      const script = scripts[i % scripts.length] ?? "";
      return client.request("process/start", startParams(`c${i}`, shell(script), { env, tty: i % 10 === 0 }));
    }),
  );
  const survivors = () => processesWithEnvironment(mark);
  // Three of four scripts have a child beside the shell.
  await until(() => survivors().length >= children * 1.75, 10_000);
  return { client, survivors };
}

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  test(`${signal} with ${children} children: exits are reported, no tree is left, exit 0 within 5 s`, async () => {
    await using server = await startTestServer();
    const { client, survivors } = await crowd(server.url);
    const begun = performance.now();
    server.signal(signal);
    const exitCode = await server.exited;
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(exitCode).toBe(0);
    expect(survivors()).toEqual([]);
    const exits = client.notifications.filter((event) => event.method === "process/exited");
    expect(exits.length).toBe(children);
    const closed = await client.waitClosed();
    expect(closed.code).toBe(1001);
    client.vanish();
  }, 60_000);
}

test(`SIGKILL of the server: none of ${children} children and their trees lives 5 s later`, async () => {
  await using server = await startTestServer();
  const { client, survivors } = await crowd(server.url);
  server.signal("SIGKILL");
  await server.exited;
  await until(() => survivors().length === 0, 5000);
  expect(survivors()).toEqual([]);
  client.vanish();
}, 60_000);

test("SIGHUP that was ignored at start stays ignored", async () => {
  await using server = await startTestServer({ ignoreHangup: true });
  server.signal("SIGHUP");
  const client = await WireClient.open(server.url);
  expect((await client.call("environment/status")).result?.status).toBe("ready");
  client.vanish();
}, 30_000);
