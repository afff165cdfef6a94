import { afterEach, expect, test } from "bun:test";
import { readdirSync, readlinkSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { peerSocket } from "../../../../core/server/listen/peer-socket.ts";

const open: Disposable[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one[Symbol.dispose]();
});

/** A connection of this process to itself: what the server sees of the peer. */
async function connection(listen: string, to: string, from?: string) {
  const accepted = Promise.withResolvers<Socket>();
  const server = createServer(accepted.resolve);
  await new Promise<void>((resolve) => server.listen(0, listen, resolve));
  // An address, since it is bound.
  const { port } = server.address() as AddressInfo;
  const client = connect({ host: to, port, ...(from === undefined ? {} : { localAddress: from }) });
  const peer = await accepted.promise;
  open.push({
    [Symbol.dispose]() {
      for (const end of [client, peer]) end.destroy();
      server.close();
    },
  });
  return { address: peer.remoteAddress ?? "", port: peer.remotePort ?? 0, ourPort: port, client, peer };
}

function ownSockets(): readonly string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}

test.each([
  ["127.0.0.1", "127.0.0.1", undefined],
  ["::1", "::1", undefined],
  ["::", "127.0.0.1", undefined],
  ["0.0.0.0", "127.0.0.1", "127.0.0.2"],
])("on %s, the socket of a peer that connects to %s from %s is found", async (listen, to, from) => {
  const { address, port, ourPort } = await connection(listen, to, from);
  const found = peerSocket({ address, port, ourPort });
  expect(found?.uid).toBe(process.getuid?.());
  expect(ownSockets()).toContain(`socket:[${found?.inode}]`);
});

test("a peer that has closed, and one that never was, have none", async () => {
  const { address, port, ourPort, client, peer } = await connection("127.0.0.1", "127.0.0.1");
  const ended = new Promise((resolve) => peer.once("end", resolve).resume());
  client.destroy();
  await ended;
  expect(peerSocket({ address, port, ourPort })).toBeUndefined();
  expect(peerSocket({ address: "203.0.113.9", port: 4, ourPort })).toBeUndefined();
});
