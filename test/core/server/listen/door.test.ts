import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { loadInsiderCheck } from "../../../../core/server/listen/insiders.ts";
import { RawWebSocket } from "../../transport/raw-websocket.ts";
import { type EchoListener, listenEcho } from "./echo-listener.ts";
import { exchange, upgrade } from "./http-exchange.ts";

let server: EchoListener;
beforeAll(async () => {
  // The raw requests here end their side at once; Bun drops such a peer while a first one waits for code to load.
  await loadInsiderCheck();
  server = await listenEcho({ allowHosts: ["Build-Box.example"] });
});
afterAll(() => server[Symbol.asyncDispose]());

const plain = "content-type: text/plain; charset=utf-8";

describe("the listener answers as the reference does", () => {
  const hostRefusal = "`Host` is neither an IP address, localhost nor allowed by --allow-host";
  const cases: readonly [string, Record<string, string | undefined>, number, string, string?][] = [
    ["GET /readyz", {}, 200, ""],
    ["GET /readyz?probe=1", {}, 200, ""],
    ["HEAD /readyz", {}, 200, ""],
    ["GET /readyz", upgrade, 200, ""],
    ["GET /readyz", { Host: "evil.example" }, 200, ""],
    ["POST /readyz", { "Content-Length": "0" }, 405, "", "allow: get,head"],
    ["GET /readyz", { Origin: "http://localhost" }, 403, ""],
    ["GET /readyz", { Origin: "" }, 403, ""],
    ["POST /nope", { Origin: "x", "Content-Length": "0" }, 403, ""],
    ["GET /", { ...upgrade, Origin: "null" }, 403, ""],
    ["GET /healthz", {}, 404, ""],
    ["GET /readyz/", {}, 404, ""],
    ["GET //", {}, 404, ""],
    ["GET /ws", upgrade, 404, ""],
    ["GET /", {}, 400, "Connection header did not include 'upgrade'"],
    ["GET /", { ...upgrade, Upgrade: "h2c" }, 400, "`Upgrade` header did not include 'websocket'"],
    ["GET /", { ...upgrade, Upgrade: "websocket, x" }, 400, "`Upgrade` header did not include 'websocket'"],
    [
      "GET /",
      { ...upgrade, "Sec-WebSocket-Version": "12" },
      400,
      "`Sec-WebSocket-Version` header did not include '13'",
    ],
    [
      "GET /",
      { ...upgrade, "Sec-WebSocket-Version": undefined, "Sec-WebSocket-Key": undefined },
      400,
      "`Sec-WebSocket-Key` header missing",
    ],
    ["POST /", { "Content-Length": "0" }, 405, "Request method must be `GET`"],
    ["OPTIONS /", {}, 405, "Request method must be `GET`"],
    ["GET /", { ...upgrade, Host: "evil.example" }, 403, hostRefusal],
    ["GET /", { ...upgrade, Host: "127.0.0.1.evil.example:80" }, 403, hostRefusal],
    ["GET /", { ...upgrade, Host: "localhost.evil.example" }, 403, hostRefusal],
    ["GET /", { ...upgrade, Host: "" }, 403, hostRefusal],
  ];
  for (const [line, headers, status, body, header] of cases) {
    test(`${line} ${JSON.stringify(headers)}: ${status} ${body}`, async () => {
      const answer = await exchange(server.port, line, headers);
      const expected = [`content-length: ${body.length}`];
      if (body !== "") expected.push(plain);
      if (header !== undefined) expected.push(header);
      expect(answer).toEqual({ status, headers: expected.sort(), body });
    });
  }
});

describe("a websocket is opened", () => {
  const cases: Record<string, Record<string, string>> = {
    "with a plain upgrade": {},
    "with a list in Connection": { Connection: "keep-alive, Upgrade", Upgrade: "WebSocket" },
    "without a subprotocol, whatever is offered": { "Sec-WebSocket-Protocol": "codex" },
    "without compression, whatever is offered": { "Sec-WebSocket-Extensions": "permessage-deflate" },
    "whatever token is given where none is asked for": { Authorization: "Bearer whatever" },
    "to localhost by name": { Host: "LocalHost:1234" },
    "to localhost with a final dot": { Host: "localhost." },
    "to an IPv4 literal": { Host: "10.1.2.3:80" },
    "to an IPv6 literal": { Host: "[2001:db8::1]:80" },
    "to a host that was allowed, whatever its case": { Host: "build-box.EXAMPLE:80" },
  };
  for (const [name, headers] of Object.entries(cases)) {
    test(name, async () => {
      const answer = await exchange(server.port, "GET /?a=b", { ...upgrade, ...headers });
      expect(answer).toEqual({
        status: 101,
        headers: ["sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=", "upgrade: websocket"],
        body: "",
      });
    });
  }

  test("and carries messages", async () => {
    using socket = await RawWebSocket.open({ port: server.port });
    socket.send(1, "hello");
    await socket.until(() => socket.texts.length === 1);
    expect(socket.texts).toEqual(["hello"]);
  });
});
