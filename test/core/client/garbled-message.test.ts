import { describe, expect, test } from "bun:test";
import { connectClient, type ExecClient } from "../../../core/client/connect-client.ts";
import type { LinkState } from "../../../core/client/link-state.ts";
import { parseTarget } from "../../../core/client/target.ts";
import { startTestServer } from "../../support/test-server.ts";

interface Leg {
  readonly up: WebSocket;
  /** What came before the server's side was open. */
  readonly waiting: (string | Buffer)[];
}

/** Something between client and server that passes every message on, and can put in one of its own. */
function between(url: string, isGarbling: boolean) {
  const sockets = new Set<Bun.ServerWebSocket<Leg>>();
  const server = Bun.serve<Leg>({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request, self) => {
      const data = { up: new WebSocket(url), waiting: [] };
      return self.upgrade(request, { data }) ? undefined : new Response();
    },
    websocket: {
      open(socket) {
        const { up, waiting } = socket.data;
        sockets.add(socket);
        up.onopen = () => {
          for (const text of waiting.splice(0)) up.send(text);
        };
        up.onmessage = ({ data }) => socket.send(String(data));
        up.onclose = () => socket.close();
      },
      message(socket, text) {
        const { up, waiting } = socket.data;
        if (isGarbling && String(text).includes('"initialized"')) socket.send("{oops");
        if (up.readyState === WebSocket.OPEN) up.send(text);
        else waiting.push(text);
      },
      close(socket) {
        sockets.delete(socket);
        socket.data.up.close();
      },
    },
  });
  return {
    url: `ws://127.0.0.1:${server.port}`,
    say(text: string) {
      for (const socket of sockets) socket.send(text);
    },
    [Symbol.dispose]: () => server.stop(true),
  };
}

async function connect(
  url: string,
): Promise<{ client: ExecClient; states: LinkState[]; lost: Promise<string> }> {
  const states: LinkState[] = [];
  const lost = Promise.withResolvers<string>();
  const client = await connectClient(parseTarget(url), {
    clientName: "test",
    onState(state) {
      states.push(state);
      if (state.kind === "lost") lost.resolve(state.reason);
    },
  });
  return { client, states, lost: lost.promise };
}

describe("a message that is none of the protocol", () => {
  test.each([
    ["text that is no JSON", "{oops"],
    ["JSON that is no message", "[]"],
    [
      "a malformed notification",
      JSON.stringify({ method: "process/output", params: { processId: "p", seq: 1, chunk: "not base64!" } }),
    ],
  ])("%s cuts the link and costs no output", async (_what, garbage) => {
    await using server = await startTestServer();
    using way = between(server.url, false);
    const { client, states } = await connect(way.url);
    const over = Promise.withResolvers<void>();
    let output = "";
    await client.processes
      .start(
        {
          argv: ["sh", "-c", "read go; seq 1 50"],
          cwd: "file:///",
          env: {},
          inherit: "all",
          stdio: { kind: "pipes", stdin: true },
        },
        (event) => {
          if (event.kind === "output") output += new TextDecoder().decode(event.bytes);
          if (event.kind === "closed" || event.kind === "lost") over.resolve();
          return undefined;
        },
      )
      .then(async ({ stdin }) => {
        way.say(garbage);
        await stdin.write(new TextEncoder().encode("go\n"));
      });
    await over.promise;
    expect(output).toBe(Array.from({ length: 50 }, (_, index) => `${index + 1}\n`).join(""));
    while (!states.some(({ kind }) => kind === "recovering")) await Bun.sleep(5);
    client.close();
  });

  test("that comes again with each connection ends the session, with the reason", async () => {
    await using server = await startTestServer();
    using way = between(server.url, true);
    const { client, states, lost } = await connect(way.url);
    expect(await lost).toContain("not JSON");
    expect(states.filter(({ kind }) => kind === "recovering").length).toBeLessThanOrEqual(3);
    client.close();
  });
});
