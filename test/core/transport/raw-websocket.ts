import { connect, type Socket } from "node:net";

export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Where to connect: a port of 127.0.0.1, or the path of a Unix socket. */
export type RawTarget = { readonly port: number } | { readonly path: string };

const upgradeHeaders = {
  Host: "127.0.0.1",
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** A websocket client that answers nothing by itself: every frame is the test's own. */
export class RawWebSocket implements Disposable {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #upgraded = false;
  readonly #waiting = new Set<() => void>();
  /** The head of the HTTP answer, or the whole answer when it is no upgrade. */
  head = "";
  readonly frames: Frame[] = [];
  ended = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#parse();
      this.#wake();
    });
    socket.on("close", () => {
      this.ended = true;
      this.#wake();
    });
    socket.on("error", () => {});
  }

  /** Resolves when the answer to the upgrade is there; a header given as `undefined` is left out. */
  static async open(
    target: RawTarget,
    headers: Readonly<Record<string, string | undefined>> = {},
  ): Promise<RawWebSocket> {
    const socket = "path" in target ? connect(target.path) : connect(target.port, "127.0.0.1");
    const raw = new RawWebSocket(socket);
    const lines = Object.entries({ ...upgradeHeaders, ...headers })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET / HTTP/1.1\r\n${lines.join("")}\r\n`);
    await raw.until(() => raw.head !== "" || raw.ended);
    return raw;
  }

  get texts(): readonly string[] {
    return this.frames.filter((frame) => frame.opcode === 1).map((frame) => frame.payload.toString());
  }

  get status(): number {
    return Number(this.head.split(" ")[1] ?? 0);
  }

  /** The close frame, when one has come. */
  get closeFrame(): { code: number; reason: string } | undefined {
    const payload = this.frames.find((frame) => frame.opcode === 8)?.payload;
    if (payload === undefined) return undefined;
    return payload.length < 2
      ? { code: 1005, reason: "" }
      : { code: payload.readUInt16BE(0), reason: payload.subarray(2).toString() };
  }

  /** Sends one frame with a mask of zeros. */
  send(opcode: number, payload: string | Uint8Array, fin = true): void {
    const body = Buffer.from(payload);
    const head = Buffer.alloc(14);
    head[0] = (fin ? 0x80 : 0) | opcode;
    let size = 2;
    if (body.length < 126) {
      head[1] = 0x80 | body.length;
    } else if (body.length < 65536) {
      head[1] = 0x80 | 126;
      size = head.writeUInt16BE(body.length, 2);
    } else {
      head[1] = 0x80 | 127;
      size = head.writeBigUInt64BE(BigInt(body.length), 2);
    }
    this.#socket.write(Buffer.concat([head.subarray(0, size + 4), body]));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Resolves as soon as `condition` holds; looks at it whenever something arrives. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #parse(): void {
    if (!this.#upgraded) {
      const end = this.#received.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.head = this.#received.subarray(0, end).toString();
      if (!this.head.startsWith("HTTP/1.1 101")) return;
      this.#received = this.#received.subarray(end + 4);
      this.#upgraded = true;
    }
    while (this.#parseFrame()) {}
  }

  #parseFrame(): boolean {
    const data = this.#received;
    if (data.length < 2) return false;
    const short = (data[1] ?? 0) & 0x7f;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (data.length < start) return false;
    const length =
      short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short;
    if (data.length < start + length) return false;
    this.frames.push({ opcode: (data[0] ?? 0) & 0x0f, payload: data.subarray(start, start + length) });
    this.#received = data.subarray(start + length);
    return true;
  }
}
