import { describe, expect, test } from "bun:test";
import { createExecServer } from "../../../core/server/exec-server.ts";
import { lateServer } from "../../../core/server/late-server.ts";
import type { Acceptor } from "../../../core/transport/connection.ts";
import { connectInMemory } from "../../../core/transport/memory-connection.ts";

const make = () => createExecServer({ version: "0", environment: process.env, cwd: process.cwd() });

/** A client of `accept` that keeps what it is sent and tells when the link has ended. */
function connect(accept: Acceptor) {
  const heard: { readonly id: unknown }[] = [];
  const waiting: (() => void)[] = [];
  const ended = Promise.withResolvers<void>();
  const connection = connectInMemory(accept, () => ({
    message: (text) => {
      heard.push(JSON.parse(text));
      for (const wake of waiting.splice(0)) wake();
    },
    drained() {},
    closed: () => ended.resolve(),
  }));
  return {
    send: (message: object) => connection.send(JSON.stringify(message)),
    close: () => connection.close(1000, ""),
    ended: ended.promise,
    async answers(count: number) {
      while (heard.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
      return heard.map(({ id }) => id);
    },
  };
}

const handshake = [
  { id: 1, method: "initialize", params: { clientName: "early" } },
  { method: "initialized" },
];

describe("a server that is not whole yet", () => {
  test("answers what came meanwhile, in order, once it is", async () => {
    const server = lateServer(make);
    const client = connect(server.accept);
    for (const message of handshake) client.send(message);
    for (const id of [2, 3, 4]) client.send({ id, method: "environment/status" });
    await Bun.sleep(5);
    await server.load();
    client.send({ id: 5, method: "environment/status" });
    expect(await client.answers(5)).toEqual([1, 2, 3, 4, 5]);
    await server.shutdown();
    await client.ended;
  });

  test("forgets a client that has come and gone", async () => {
    const server = lateServer(make);
    const client = connect(server.accept);
    for (const message of handshake) client.send(message);
    client.close();
    await client.ended;
    await server.load();
    await server.shutdown();
  });

  test("is not made to be shut down, unless somebody waits", async () => {
    let made = 0;
    const counted = () => {
      made++;
      return make();
    };
    await lateServer(counted).shutdown();
    expect(made).toBe(0);
    const server = lateServer(counted);
    const client = connect(server.accept);
    await server.shutdown();
    await client.ended;
    expect(made).toBe(1);
  });

  test("is made once, however often it is asked for", async () => {
    let made = 0;
    const server = lateServer(() => {
      made++;
      return make();
    });
    await Promise.all([server.load(), server.load()]);
    expect(made).toBe(1);
    await server.shutdown();
  });
});
