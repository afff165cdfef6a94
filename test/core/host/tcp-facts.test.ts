import { describe, expect, test } from "bun:test";
import { connect, createServer, type Socket } from "node:net";
import { tcpFacts } from "../../../core/host/tcp-facts.ts";

/** A TCP connection of this process with itself: the accepted end and the other one. */
async function pair(host: string): Promise<{ accepted: Socket; other: Socket } & Disposable> {
  const server = createServer({ pauseOnConnect: false });
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  const other = connect(typeof address === "object" ? (address?.port ?? 0) : 0, host);
  const socket = await accepted;
  server.close();
  return {
    accepted: socket,
    other,
    [Symbol.dispose]() {
      socket.destroy();
      other.destroy();
    },
  };
}

describe.if(process.platform === "linux")("the kernel's facts of a TCP connection", () => {
  for (const host of ["127.0.0.1", "::1"]) {
    test(`are found by the peer's address ${host}`, async () => {
      using link = await pair(host);
      const { remoteAddress = "", remotePort = 0 } = link.accepted;
      const facts = tcpFacts(remoteAddress, remotePort);
      expect(facts).toMatchObject({ unacknowledgedBytes: 0, unanswered: 0 });
      expect(tcpFacts(remoteAddress, remotePort === 1 ? 2 : 1)).toBeUndefined();
    });
  }

  test("tell what the peer has not taken, and when it last sent", async () => {
    using link = await pair("127.0.0.1");
    const { accepted, other } = link;
    other.pause();
    const came = new Promise((resolve) => accepted.once("data", resolve));
    other.write("x");
    await came;
    for (let part = 0; part < 16; part++) accepted.write(Buffer.alloc(1 << 20));
    const facts = tcpFacts(accepted.remoteAddress ?? "", accepted.remotePort ?? 0);
    expect(facts?.unacknowledgedBytes).toBeGreaterThan(0);
    expect(facts?.sinceReceivedMs).toBeLessThan(5_000);
  });

  test("of an address that is none are none", () => {
    expect(tcpFacts("unix", 1)).toBeUndefined();
  });
});
