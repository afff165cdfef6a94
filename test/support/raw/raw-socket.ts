import type { Socket, SocketHandler } from "bun";
import { encodeFrame, type Frame, type FrameOptions, frameHead } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";

export interface RawSocketOptions {
  /** Request headers over the defaults of an upgrade; an empty value leaves the header out. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly onFrame?: (frame: Frame) => void;
  readonly onEnd?: () => void;
  /** Called with the descriptor before and after every read, to set TCP_QUICKACK. */
  readonly beforeRead?: (fd: number) => void;
}

interface Target {
  readonly host: string;
  readonly path: string;
  readonly connect: { readonly unix: string } | { readonly hostname: string; readonly port: number };
  readonly tls: boolean;
}

function targetOf(url: string): Target {
  if (url.startsWith("unix://")) {
    return { host: "localhost", path: "/", connect: { unix: url.slice(7) }, tls: false };
  }
  const parsed = new URL(url);
  const tls = parsed.protocol === "wss:";
  const port = Number(parsed.port || (tls ? 443 : 80));
  const hostname = parsed.hostname.replace(/^\[|\]$/g, "");
  return { host: parsed.host, path: parsed.pathname + parsed.search, connect: { hostname, port }, tls };
}

/**
 * A websocket client over a bare socket, apart from everything in core/ so that it shares no mistake with it.
 * It can send any frame, stop reading, and vanish at any byte. Opening resolves once the HTTP answer's head
 * has come, whatever its status.
 */
export class RawSocket {
  /** The answer's head, without the blank line. */
  handshake = "";
  /** What followed the head when the answer was not 101. */
  body = "";
  ended = false;
  bytesIn = 0;
  #socket: Socket<undefined> | undefined;
  #head: Buffer | undefined = Buffer.alloc(0);
  readonly #reader: FrameReader;
  readonly #queue: Buffer[] = [];
  readonly #options: RawSocketOptions;
  #opened: (() => void) | undefined;
  #cutAt: { readonly bytes: number; readonly onCut: () => void } | undefined;

  private constructor(options: RawSocketOptions) {
    this.#options = options;
    this.#reader = new FrameReader((frame) => options.onFrame?.(frame));
  }

  static async open(url: string, options: RawSocketOptions = {}): Promise<RawSocket> {
    const target = targetOf(url);
    const raw = new RawSocket(options);
    const opened = new Promise<void>((resolve) => {
      raw.#opened = resolve;
    });
    const socket: SocketHandler<undefined> = {
      data: (_socket, bytes) => raw.#receive(bytes),
      drain: () => raw.#flush(),
      end: () => raw.#finish(),
      close: () => raw.#finish(),
      error: () => raw.#finish(),
    };
    const tls = target.tls ? { tls: { rejectUnauthorized: false } } : {};
    raw.#socket =
      "unix" in target.connect
        ? await Bun.connect({ unix: target.connect.unix, socket })
        : await Bun.connect({ ...target.connect, ...tls, socket });
    raw.#socket.setNoDelay(true);
    const headers = {
      Host: target.host,
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...options.headers,
    };
    const lines = Object.entries(headers).filter(([, value]) => value !== "");
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    raw.write(Buffer.from(`GET ${target.path} HTTP/1.1\r\n${head}\r\n`));
    await opened;
    return raw;
  }

  get status(): number {
    return Number(this.handshake.split(" ")[1] ?? 0);
  }

  send(opcode: number, payload: Buffer | string, options: FrameOptions = {}): void {
    if (typeof payload === "string" || payload.length < 65536) {
      this.write(encodeFrame(opcode, payload, options));
      return;
    }
    this.write(frameHead(opcode, payload.length, options));
    this.write(payload);
  }

  /** Bytes as they are, between or in the middle of frames. */
  write(bytes: Buffer): void {
    if (this.ended) return;
    if (this.#queue.length > 0) {
      this.#queue.push(bytes);
      return;
    }
    const sent = this.#socket?.write(bytes) ?? 0;
    if (sent < bytes.length) this.#queue.push(bytes.subarray(Math.max(0, sent)));
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  /** Lets exactly so many bytes in, whatever frame they end in, and vanishes. */
  cutAfter(bytes: number, onCut: () => void): void {
    this.#cutAt = { bytes, onCut };
  }

  /** Closes with FIN after what was written. */
  end(): void {
    this.#socket?.end();
    this.#finish();
  }

  /** Vanishes at once. */
  destroy(): void {
    this.#socket?.terminate();
    this.#finish();
  }

  #flush(): void {
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      const sent = this.#socket?.write(next) ?? 0;
      if (sent < next.length) {
        this.#queue[0] = next.subarray(Math.max(0, sent));
        return;
      }
      this.#queue.shift();
    }
  }

  #receive(bytes: Buffer): void {
    const cut = this.#cutAt;
    if (!cut || this.bytesIn + bytes.length < cut.bytes) {
      this.#take(bytes);
      return;
    }
    this.#cutAt = undefined;
    this.#take(bytes.subarray(0, cut.bytes - this.bytesIn));
    cut.onCut();
    this.destroy();
  }

  #take(bytes: Buffer): void {
    const quick = this.#options.beforeRead;
    const fd = quick && this.#socket ? Reflect.get(this.#socket, "fd") : undefined;
    if (quick && typeof fd === "number") quick(fd);
    this.bytesIn += bytes.length;
    if (this.#head) this.#receiveHead(Buffer.concat([this.#head, bytes]));
    else if (this.status === 101) this.#reader.push(bytes);
    else this.body += bytes.toString();
    if (quick && typeof fd === "number" && !this.ended) quick(fd);
  }

  #receiveHead(bytes: Buffer): void {
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) {
      this.#head = bytes;
      return;
    }
    this.#head = undefined;
    this.handshake = bytes.subarray(0, end).toString();
    const rest = bytes.subarray(end + 4);
    this.#opened?.();
    if (this.status === 101) this.#reader.push(rest);
    else this.body += rest.toString();
  }

  #finish(): void {
    if (this.ended) return;
    this.ended = true;
    this.#queue.length = 0;
    this.#opened?.();
    this.#options.onEnd?.();
  }
}
