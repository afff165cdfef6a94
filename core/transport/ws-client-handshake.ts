import { limits } from "../limits.ts";
/** What the upgrade request says. */
export interface UpgradeRequest {
  /** The Host header: host and port of the URL. */
  readonly host: string;
  /** Path and query. */
  readonly path: string;
  /** Sent as `Authorization: Bearer`; must be free of control characters. */
  readonly bearerToken?: string;
  /** Further fields; names and values must be free of what ends a line. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

/** The server answered the upgrade with something else than 101. */
export class UpgradeRefusedError extends Error {
  override readonly name = "UpgradeRefusedError";
  /** HTTP status; 0 when what came was not HTTP. */
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const acceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** One upgrade of RFC 6455: the bytes to send, and the reading of what comes back. */
export class UpgradeHandshake {
  readonly request: string;
  readonly #accept: string;
  #received: Uint8Array = new Uint8Array(0);

  constructor(request: UpgradeRequest) {
    const key = crypto.getRandomValues(new Uint8Array(16)).toBase64();
    this.#accept = new Bun.CryptoHasher("sha1").update(key + acceptSuffix).digest("base64");
    this.request = [
      `GET ${request.path} HTTP/1.1`,
      `Host: ${request.host}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Key: ${key}`,
      "Sec-WebSocket-Version: 13",
      ...(request.bearerToken === undefined ? [] : [`Authorization: Bearer ${request.bearerToken}`]),
      ...(request.headers ?? []).map(([name, value]) => `${name}: ${value}`),
      "\r\n",
    ].join("\r\n");
  }

  /** The bytes after the answer's header once it is whole; undefined until then. Throws {@link UpgradeRefusedError}. */
  push(bytes: Uint8Array): Uint8Array | undefined {
    this.#received = Buffer.concat([this.#received, bytes]);
    const end = Buffer.from(this.#received.buffer, this.#received.byteOffset, this.#received.length).indexOf(
      "\r\n\r\n",
    );
    if (end < 0) {
      if (this.#received.length > limits.upgradeHeaderBytes)
        throw new UpgradeRefusedError(0, "the answer's header has no end");
      return undefined;
    }
    const [statusLine = "", ...fields] = new TextDecoder()
      .decode(this.#received.subarray(0, end))
      .split("\r\n");
    const rest = this.#received.subarray(end + 4);
    const status = Number(/^HTTP\/1\.1 (\d{3})\b/.exec(statusLine)?.[1] ?? 0);
    if (status !== 101) throw refusal(status, rest);
    const accept = fields
      .find((field) => /^sec-websocket-accept:/i.test(field))
      ?.split(":")[1]
      ?.trim();
    if (accept !== this.#accept)
      throw new UpgradeRefusedError(0, "the answer's Sec-WebSocket-Accept is wrong");
    return rest;
  }
}

function refusal(status: number, body: Uint8Array): UpgradeRefusedError {
  if (status === 0) return new UpgradeRefusedError(0, "the answer is not HTTP/1.1");
  const reason = new TextDecoder().decode(body.subarray(0, limits.upgradeReasonBytes)).trim();
  return new UpgradeRefusedError(
    status,
    reason === "" ? `HTTP status ${status}` : `HTTP status ${status}: ${reason}`,
  );
}
