import { describe, expect, test } from "bun:test";
import { listenEcho } from "./echo-listener.ts";

describe("an address that cannot be listened on is refused", () => {
  const invalid = (url: string) => `invalid websocket --listen URL \`${url}\`; expected \`ws://IP:PORT\``;
  const cases: Record<string, string> = {};
  for (const url of [
    "ws://localhost:0",
    "ws://127.0.0.1",
    "ws://127.0.0.1:0/",
    "ws://127.0.0.1:65536",
    "ws://127.0.0.01:0",
    "ws://::1:0",
    "ws://[127.0.0.1]:0",
    "ws://[::1]",
    "wss://localhost:0",
  ]) {
    cases[url] = invalid(url);
  }
  for (const url of [
    "junk",
    "WS://127.0.0.1:0",
    "http://127.0.0.1:0",
    "unix://relative",
    "unix:///",
    "stdio:/",
  ]) {
    cases[url] =
      `unsupported --listen URL \`${url}\`; expected \`ws://IP:PORT\`, \`wss://IP:PORT\`, \`unix:///PATH\` or \`stdio\``;
  }
  cases["wss://127.0.0.1:0"] = "wss:// requires `--tls-cert` and `--tls-key`";
  cases["ws://0.0.0.0:0"] = "0.0.0.0 can be reached from other machines";
  cases["ws://[::]:0"] = ":: can be reached from other machines";
  for (const [url, message] of Object.entries(cases)) {
    test(url, () => expect(listenEcho({ listen: url })).rejects.toThrow(message));
  }

  test("a port that is taken", async () => {
    await using server = await listenEcho();
    await expect(listenEcho({ listen: server.url })).rejects.toThrow("Address in use (os error 98)");
  });

  test("an address of another machine", () => {
    const elsewhere = { listen: "ws://192.0.2.1:0", allowUnauthenticated: true };
    expect(listenEcho(elsewhere)).rejects.toThrow("Address not available (os error 99)");
  });

  test("stdio with auth", () => {
    const auth = { auth: "capability-token", tokenSha256: "a".repeat(64) } as const;
    expect(listenEcho({ listen: "stdio", auth })).rejects.toThrow(
      "WebSocket auth requires a WebSocket listener, not stdio",
    );
  });
});

describe("an address beyond this machine is listened on", () => {
  test("with a token", async () => {
    const auth = { auth: "capability-token", tokenSha256: "a".repeat(64) } as const;
    await using server = await listenEcho({ listen: "ws://0.0.0.0:0", auth });
    expect(server.url).toMatch(/^ws:\/\/0\.0\.0\.0:\d+$/);
  });

  test("without one, when that was asked for", async () => {
    await using server = await listenEcho({ listen: "ws://0.0.0.0:0", allowUnauthenticated: true });
    expect(server.url).toMatch(/^ws:\/\/0\.0\.0\.0:\d+$/);
  });
});

test("a loopback address of IPv6 is printed in brackets", async () => {
  await using server = await listenEcho({ listen: "ws://[::1]:0" });
  expect(server.url).toMatch(/^ws:\/\/\[::1\]:\d+$/);
});
