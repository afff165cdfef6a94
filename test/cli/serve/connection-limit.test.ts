import { expect, test } from "bun:test";
import { exchange, upgrade } from "../../core/server/listen/http-exchange.ts";
import { RawWebSocket } from "../../core/transport/raw-websocket.ts";
import { ourServerCommand } from "../../support/our-program.ts";

test("a server that may open 100 files takes 50 connections, refuses the next by name, and serves the others", async () => {
  const command = ["/bin/sh", "-c", 'ulimit -n 100; exec "$@"', "sh", ...ourServerCommand()];
  const server = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "ignore" });
  const { value } = await server.stdout.getReader().read();
  const port = Number(/:(\d+)\n$/.exec(new TextDecoder().decode(value))?.[1]);
  using open = new DisposableStack();
  const sockets: RawWebSocket[] = [];
  for (let count = 0; count < 50; count++) sockets.push(open.use(await RawWebSocket.open({ port })));
  expect(sockets.every(({ status }) => status === 101)).toBe(true);
  const refused = await exchange(port, "GET /", upgrade);
  expect([refused.status, refused.body]).toEqual([503, "too many connections: the limit is 50"]);
  const [first] = sockets;
  first?.send(1, '{"id":1,"method":"environment/status"}');
  await first?.until(() => first.texts.length === 1);
  expect(first?.texts[0]).toContain("client must call initialize");
  server.kill();
  expect(await server.exited).toBe(0);
});
