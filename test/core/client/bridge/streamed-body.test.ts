import { describe, expect, test } from "bun:test";
import { CuttingProxy } from "../../../support/cutting-proxy.ts";
import { scriptedServer } from "../../../support/scripted-server.ts";
import { Front } from "./front.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

/** A server that streams an answer as fast as it is read; `stopped` resolves to the pieces sent once no more is read. */
function flooding(pieces: number, deltaBase64: string) {
  let sent = 0;
  const send = (socket: Bun.ServerWebSocket<undefined>) => {
    while (sent < pieces && socket.getBufferedAmount() < MiB) {
      const params = { requestId: "r", seq: ++sent, deltaBase64, done: sent === pieces, error: null };
      socket.send(JSON.stringify({ method: "http/request/bodyDelta", params }));
    }
  };
  const server = scriptedServer({
    heard({ id, method }, socket) {
      if (method !== "http/request") return;
      socket.send(JSON.stringify({ id, result: { status: 200, headers: [], bodyBase64: "" } }));
      send(socket);
    },
    drain: send,
  });
  return {
    url: server.url,
    async stopped() {
      for (let before = -1; before !== sent; ) {
        before = sent;
        await Bun.sleep(100);
      }
      return sent;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe("the body of an HTTP answer", () => {
  /** Answers a streamed request with two pieces, the first in the same breath, and never ends it. */
  const streaming = () =>
    scriptedServer({
      heard({ id, method, params }, socket) {
        if (method !== "http/request") return;
        const delta = (seq: number) =>
          JSON.stringify({
            method: "http/request/bodyDelta",
            params: {
              requestId: params?.["requestId"],
              seq,
              deltaBase64: btoa(`${seq}`),
              done: false,
              error: null,
            },
          });
        socket.cork(() => {
          socket.send(JSON.stringify({ id, result: { status: 200, headers: [], bodyBase64: "" } }));
          socket.send(delta(1));
          socket.send(delta(2));
        });
      },
    });

  test("comes after the answer, and ends with an error where the link is cut", async () => {
    await using server = streaming();
    using proxy = new CuttingProxy({ host: "127.0.0.1", port: server.port });
    using front = new Front(proxy.url);
    await front.initialize();
    front.send({ id: 1, method: "http/request", params: { requestId: "r", streamResponse: true } });
    await front.first(({ params }) => params?.["seq"] === 2);
    proxy.cutAll();
    const last = await front.first(({ params }) => params?.["done"] === true);
    expect(last.params).toMatchObject({ requestId: "r", seq: 3, deltaBase64: "" });
    expect(String(last.params?.["error"])).toContain("cut");
    const order = front.told.filter(({ id, params }) => id === 1 || params !== undefined);
    expect(order.map(({ id, params }) => id ?? params?.["seq"])).toEqual([1, 1, 2, 3]);
  });

  test("that its client does not take is not read either, and is whole in the end", async () => {
    const pieces = 256;
    await using server = flooding(pieces, "x".repeat(256 * KiB));
    using front = new Front(server.url);
    await front.initialize();
    front.send({ id: 1, method: "http/request", params: { requestId: "r", streamResponse: true } });
    await front.first(({ params }) => params?.["seq"] === 1);
    front.read(false);
    expect(await server.stopped()).toBeLessThan(pieces / 2);
    front.read(true);
    await front.first(({ params }) => params?.["done"] === true);
    const numbers = front.told.flatMap(({ params }) => (params === undefined ? [] : [params["seq"]]));
    expect(numbers).toEqual(Array.from({ length: pieces }, (_, index) => index + 1));
  });
});
