import { describe, expect, test } from "bun:test";
import { limits } from "../../../core/limits.ts";
import { settled } from "../process/held-process.ts";
import { HeldServer } from "./held-server.ts";

describe("ClientConnection and the handshake", () => {
  test("requests before initialize and before initialized are told which is missing, and the link lives", async () => {
    using server = new HeldServer();
    const client = server.connect();
    expect((await client.call("process/list")).error?.message).toBe(
      "client must call initialize before using exec methods",
    );
    await client.request("initialize", { clientName: "t" });
    expect((await client.call("process/list")).error?.message).toBe(
      "client must send initialized before using exec methods",
    );
    client.send({ method: "initialized" });
    client.send({ method: "initialized" });
    expect(await client.request("process/list")).toMatchObject({ processes: [] });
    expect((await client.call("initialize", { clientName: "t" })).error?.message).toBe(
      "initialize may only be sent once per connection",
    );
    expect(client.closed).toBe(false);
  });

  test("a refused initialize may be sent again", async () => {
    using server = new HeldServer();
    const client = server.connect();
    const refused = await client.call("initialize", { clientName: "t", resumeSessionId: "nobody's" });
    expect(refused.error).toEqual({ code: -32600, message: "unknown session id nobody's" });
    expect((await client.request("initialize", { clientName: "t" })).sessionId).toMatch(/^[0-9a-f-]{36}$/);
  });

  for (const [what, message, told] of [
    ["initialized before initialize", { method: "initialized" }, "initialized came before initialize"],
    ["an unknown notification", { method: "hello" }, "unexpected notification hello"],
    ["a response", { id: 1, result: {} }, "a response came to a request that this server never sent"],
  ] as const) {
    test(`${what} ends the link, and the client is told why first`, async () => {
      using server = new HeldServer();
      const client = server.connect();
      client.send(message);
      client.send({ id: 5, method: "environment/status", params: {} });
      await settled();
      expect(client.inbound.map((reply) => [reply.id, reply.error?.message])).toEqual([[-1, told]]);
      expect(client.connection.end).toEqual({ code: 1002, reason: told });
    });
  }

  test("what is no message is answered with id -1, and the link lives", async () => {
    using server = new HeldServer();
    const client = await server.client();
    client.connection.send("{not json");
    expect(await client.request("process/list")).toMatchObject({ processes: [] });
    expect(client.inbound.map((reply) => reply.id)).toContain(-1);
  });

  test("an unknown method is told by name", async () => {
    using server = new HeldServer();
    const client = await server.client();
    expect((await client.call("process/dance")).error).toEqual({
      code: -32601,
      message: "exec-server stub does not implement `process/dance` yet",
    });
  });
});

describe("ClientConnection and a process that is starting", () => {
  test("events never come before the reply to their start, whatever is pipelined behind it", async () => {
    using server = new HeldServer();
    const client = await server.client();
    const before = client.inbound.length;
    void client.start("p", { pipeStdin: true });
    for (const method of ["process/read", "process/signal", "process/terminate"]) {
      void client.call(method, {
        processId: "p",
        ...(method.endsWith("signal") ? { signal: "interrupt" } : {}),
      });
    }
    await settled();
    expect(client.inbound.length).toBe(before);
    const held = server.spawner.asked[0]?.grant();
    if (held === undefined) throw new Error("nothing was asked for");
    // All of it within the same turn as the grant.
    held.stdout.say("early");
    held.exit(0);
    await settled();
    expect(held.signals).toEqual([2]);
    expect(held.killed).toBe(true);
    const history = client.history.slice(before);
    expect(history[0]).toBe("result 2");
    const events = history.filter((line) => line.startsWith("process/"));
    expect(events.length).toBe(3);
    expect(events.map((line) => Number(line.split(" ")[1]))).toEqual([1, 2, 3]);
    expect(events.at(-1)).toBe("process/closed 3");
    expect(history.filter((line) => line.startsWith("result"))).toEqual([
      "result 2",
      "result 3",
      "result 4",
      "result 5",
    ]);
  });

  test("a start that fails frees its id, and what was pipelined behind it finds no process", async () => {
    using server = new HeldServer();
    const client = await server.client();
    const start = client.start("p");
    const write = client.call("process/write", { processId: "p", chunk: "", writeId: "1" });
    const taken = await client.start("p");
    expect(taken.error?.message).toBe("process p already exists");
    server.spawner.asked[0]?.refuse(new Error("no"));
    expect((await start).error?.message).toBe("internal error of the exec-server; its log says more");
    expect((await write).result).toMatchObject({ status: "unknownProcess" });
    void client.start("p");
    await settled();
    expect(server.spawner.asked.length).toBe(2);
  });

  test("a link cut before the start has ended: the process is the session's, and found after the resume", async () => {
    using server = new HeldServer();
    const client = await server.client();
    void client.start("p");
    await settled();
    await client.cut();
    const held = server.spawner.asked[0]?.grant();
    held?.stdout.say("while away");
    await settled();
    const again = await server.client(client.sessionId);
    const read = await again.request("process/read", { processId: "p" });
    expect(read.chunks.map((chunk) => atob(chunk.chunk))).toEqual(["while away"]);
    held?.finish(0);
    await settled();
    expect(again.history.filter((line) => line.startsWith("process/"))).toEqual([
      "process/exited 2",
      "process/closed 3",
    ]);
  });

  test("a process id at its limit is taken, one character more is refused before anything starts", async () => {
    using server = new HeldServer();
    const client = await server.client();
    void client.start("i".repeat(limits.processIdCharacters));
    await settled();
    expect(server.spawner.asked.length).toBe(1);
    const refused = await client.start("i".repeat(limits.processIdCharacters + 1));
    expect(refused.error?.code).toBe(-32600);
    expect(server.spawner.asked.length).toBe(1);
  });
});

describe("ClientConnection and its limits", () => {
  test("as many unanswered requests as the limit says, one more is refused, and answers make room", async () => {
    using server = new HeldServer();
    const client = await server.client();
    void client.start("p");
    await settled();
    const held = server.spawner.asked[0]?.grant();
    await settled();
    const polls = Array.from({ length: limits.requestsInFlight }, () =>
      client.call("process/read", { processId: "p", waitMs: 60_000 }),
    );
    const over = await client.call("process/read", { processId: "p", waitMs: 1 });
    expect(over.error?.message).toContain(`the limit is ${limits.requestsInFlight}`);
    held?.stdout.say("x");
    const answers = await Promise.all(polls);
    expect(answers.every((answer) => answer.result?.chunks.length === 1)).toBe(true);
    expect(await client.request("process/list")).toMatchObject({ processes: [{ processId: "p" }] });
  });
});
