import { describe, expect, test } from "bun:test";
import { limits } from "../../../core/limits.ts";
import type { Connection } from "../../../core/transport/connection.ts";
import { connectInMemory } from "../../../core/transport/memory-connection.ts";

function setUp() {
  const atServer: string[] = [];
  const atClient: string[] = [];
  const log: string[] = [];
  let server: Connection | undefined;
  const client = connectInMemory(
    (connection) => {
      server = connection;
      return {
        message: (text) => atServer.push(text),
        drained: () => log.push("server drained"),
        closed: () => log.push("server closed"),
      };
    },
    () => ({
      message: (text) => atClient.push(text),
      drained: () => log.push("client drained"),
      closed: () => log.push("client closed"),
    }),
  );
  if (server === undefined) throw new Error("nothing was accepted");
  return { client, server, atServer, atClient, log };
}

const turn = () => Bun.sleep(5);

describe("a connection in memory", () => {
  test("carries messages both ways, in order, and never within the call that sends", async () => {
    const { client, server, atServer, atClient } = setUp();
    for (let index = 0; index < 500; index++) client.send(`c${index}`);
    server.send("s");
    expect(atServer).toEqual([]);
    while (atServer.length < 500 || atClient.length < 1) await turn();
    expect(atServer).toEqual(Array.from({ length: 500 }, (_, index) => `c${index}`));
    expect(atClient).toEqual(["s"]);
  });

  test("holds back the server while the client does not read, and tells it when there is room", async () => {
    const { client, server, atClient, log } = setUp();
    client.pause();
    const big = "x".repeat(limits.outboundHighWaterBytes + 1);
    server.send(big);
    await turn();
    expect(server.buffered).toBe(big.length);
    expect(atClient).toEqual([]);
    client.resume();
    await turn();
    expect(atClient).toEqual([big]);
    expect(server.buffered).toBe(0);
    expect(log).toEqual(["server drained"]);
  });

  test("delivers what was sent before the end, and then ends both once", async () => {
    const { client, server, atClient, log } = setUp();
    server.send("last");
    server.close(1001, "enough");
    server.send("never");
    await turn();
    client.close(1000, "too late");
    await turn();
    expect(atClient).toEqual(["last"]);
    expect(client.end).toEqual({ code: 1001, reason: "enough" });
    expect(log.sort()).toEqual(["client closed", "server closed"]);
  });
});
