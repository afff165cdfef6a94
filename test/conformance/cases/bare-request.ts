import net from "node:net";

export interface BareRequest {
  readonly method: string;
  readonly path: string;
  /** Over `Host` and `Connection: close`; an empty value leaves the header out. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface BareAnswer {
  readonly status: number;
  /** Lower-case, sorted, without the date and what HTTP/1.1 leaves free. */
  readonly headers: readonly string[];
  readonly body: string;
}

const silent = /^(date|connection|keep-alive):/;

function readAnswer(bytes: Buffer): BareAnswer {
  const [head = "", ...rest] = bytes.toString().split("\r\n\r\n");
  const [statusLine = "", ...headers] = head.split("\r\n");
  const lower = headers.map((line) => line.toLowerCase());
  return {
    status: Number(statusLine.split(" ")[1] ?? 0),
    headers: lower.filter((line) => !silent.test(line)).sort(),
    body: rest.join("\r\n\r\n"),
  };
}

/** Whether all of an answer is in: an upgrade, and an answer to HEAD, end with their head. */
function isWhole(bytes: Buffer, method: string): boolean {
  const head = bytes.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const text = bytes.toString("latin1", 0, head);
  if (text.startsWith("HTTP/1.1 101") || method === "HEAD") return true;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  return length !== undefined && bytes.length >= head + 4 + Number(length);
}

/** One HTTP request over a bare socket; an upgrade that succeeds ends at its head. */
export function bareRequest(url: string, request: BareRequest): Promise<BareAnswer> {
  const target = new URL(url);
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const socket = net.connect(Number(target.port), target.hostname, () => {
      const headers = { Host: target.host, Connection: "close", ...request.headers };
      const lines = Object.entries(headers).filter(([, value]) => value !== "");
      const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
      socket.write(`${request.method} ${request.path} HTTP/1.1\r\n${text}\r\n`);
    });
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(readAnswer(received));
    };
    const timer = setTimeout(finish, 3000);
    socket.on("data", (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      if (isWhole(received, request.method)) finish();
    });
    socket.on("close", finish);
    socket.on("error", finish);
  });
}
