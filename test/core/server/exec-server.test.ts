import { describe, expect, test } from "bun:test";
import { isAlive } from "../../support/process-state.ts";
import { until } from "../../support/wait.ts";
import type { HeldClient } from "./held-server.ts";
import { realServer, shell } from "./real-server.ts";

/** The pids of a session's processes. */
async function pidsOf(client: HeldClient): Promise<number[]> {
  const { processes } = (await client.request("process/list")) as unknown as { processes: { pid: number }[] };
  return processes.map(({ pid }) => pid);
}

const events = (client: HeldClient, processId: string) =>
  client.inbound
    .filter((message) => message.params?.processId === processId)
    .map((message) => message.method);

describe("an exec-server that shuts down", () => {
  test("ends every tree, tells every exit before it closes, and answers a start that comes too late", async () => {
    const { server, client, errors } = await realServer();
    const attached = await client();
    const away = await client();
    const ids = Array.from({ length: 20 }, (_, index) => `p${index}`);
    await Promise.all(ids.map((id) => attached.start(id, shell("trap '' TERM; sleep 100 & wait"))));
    await away.start("lonely", shell("sleep 100"));
    const pids = [...(await pidsOf(attached)), ...(await pidsOf(away))];
    await away.cut();
    const began = performance.now();
    const down = server.shutdown();
    const late = attached.start("late", shell("sleep 100"));
    await down;
    expect(performance.now() - began).toBeLessThan(5000);
    await until(() => attached.closed, 5000);
    for (const id of ids) expect(events(attached, id)).toEqual(["process/exited", "process/closed"]);
    expect((await late).error?.message).toBe("the session has ended; nothing was started");
    expect(attached.connection.end?.code).toBe(1001);
    expect([pids.length, pids.filter(isAlive)]).toEqual([21, []]);
    expect(errors).toEqual([]);
  }, 20_000);

  test("lets nobody in any more", async () => {
    const { server, connect } = await realServer();
    await server.shutdown();
    const late = connect();
    await until(() => late.closed, 5000);
    expect(late.connection.end).toEqual({ code: 1001, reason: "the server is shutting down" });
  });
});

describe("a session without its client", () => {
  test("lives as long as its client asked for, again after each resume, and takes its trees with it", async () => {
    const { server, client } = await realServer(600);
    const first = await client(undefined, { sessionTtlSeconds: 2 });
    await first.start("p", shell("(setsid sleep 100 >/dev/null 2>&1 &) ; sleep 100"));
    const pids = await pidsOf(first);
    await first.cut();
    const second = await client(first.sessionId);
    // Longer than it may be without a client: what was begun by the first cut must be over.
    await Bun.sleep(2300);
    expect(await pidsOf(second)).toEqual(pids);
    await second.cut();
    const third = await client(first.sessionId);
    expect(await pidsOf(third)).toEqual(pids);
    await third.cut();
    expect(await until(() => !pids.some(isAlive), 30_000)).toBe(true);
    const refused = client(first.sessionId);
    expect(refused).rejects.toThrow("unknown session id");
    await server.shutdown();
  }, 60_000);
});
