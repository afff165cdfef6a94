import net from "node:net";

/** A TCP relay that can stop forwarding both ways while every socket stays open: a peer behind a dead cable. */
export interface SilentProxy extends AsyncDisposable {
  readonly url: string;
  goSilent(): void;
}

export async function startSilentProxy(target: string): Promise<SilentProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<net.Socket>();
  let silent = false;
  const relay = (from: net.Socket, to: net.Socket) => {
    sockets.add(from);
    from.on("data", (bytes) => {
      if (!silent) to.write(bytes);
    });
    from.on("close", () => to.destroy());
    from.on("error", () => to.destroy());
  };
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(port), hostname);
    relay(client, upstream);
    relay(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the relay has no port");
  return {
    url: `ws://127.0.0.1:${address.port}`,
    goSilent: () => {
      silent = true;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
