import { connect } from "node:net";

export interface HttpAnswer {
  readonly status: number;
  /** Lower-cased `name: value` lines without date and connection, sorted. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** Sends one bare HTTP request to 127.0.0.1 and gives what came back. A header given as `undefined` is left out. */
export async function exchange(
  port: number,
  requestLine: string,
  headers: Readonly<Record<string, string | undefined>> = {},
): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let received = "";
  const socket = connect(port, "127.0.0.1");
  socket.on("data", (bytes: Buffer) => {
    received += bytes.toString("latin1");
    if (!received.includes("\r\n\r\n")) return;
    if (received.startsWith("HTTP/1.1 101")) socket.destroy();
    // Hung up only now: to find out whether a peer may have a websocket can take a moment.
    else socket.end();
  });
  socket.on("close", () => resolve(received));
  socket.on("error", reject);
  const all = {
    Host: `127.0.0.1:${port}`,
    Connection: "close",
    ...headers,
  };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${requestLine} HTTP/1.1\r\n${lines.join("")}\r\n`);
  return readAnswer(await promise);
}

function readAnswer(text: string): HttpAnswer {
  const [head = "", body = ""] = text.split("\r\n\r\n");
  const [statusLine = "", ...lines] = head.split("\r\n");
  const headers = lines
    .map((line) => line.toLowerCase())
    .filter((line) => !/^(date|connection):/.test(line))
    .sort();
  return { status: Number(statusLine.split(" ")[1] ?? 0), headers, body };
}

/** The headers of a proper upgrade. */
export const upgrade = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};
