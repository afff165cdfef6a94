import { type Frame, Opcode } from "../../test/support/raw/frame.ts";
import { RawSocket } from "../../test/support/raw/raw-socket.ts";
import { readMessage, type WireMessage, type WireResult } from "../../test/support/wire-message.ts";

/** One piece of output; `chunk` is base64 and valid only until the callback returns. */
export interface OutputPiece {
  readonly processId: string;
  readonly seq: number;
  readonly chunk: Buffer;
}

/** A whole unparsed reply, and when its last byte came. */
export interface RawReply {
  readonly bytes: Buffer;
  readonly at: number;
}

export interface BenchClientOptions {
  readonly init?: boolean;
  readonly resume?: string;
  readonly beforeRead?: ((fd: number) => void) | undefined;
}

type Pending =
  | { readonly kind: "parsed"; resolve(result: WireResult): void; reject(error: Error): void }
  | { readonly kind: "raw"; resolve(reply: RawReply): void; reject(error: Error): void };

export class ErrorReply extends Error {}

const outputMark = Buffer.from('"process/output"');
const chunkMark = Buffer.from('"chunk":"');
const quote = 34;

/**
 * A client whose own share of the work is small, so that the server is what is measured: output is counted without
 * being parsed, large replies are timed before anyone looks at them.
 */
export class BenchClient {
  sessionId = "";
  closed = false;
  closeReason = "";
  framesIn = 0;
  onOutput: ((piece: OutputPiece) => void) | undefined;
  onEvent: ((method: string, processId: string, message: WireMessage) => void) | undefined;
  onClose: (() => void) | undefined;
  #socket: RawSocket | undefined;
  #fragments: Buffer[] = [];
  #nextId = 1;
  readonly #pending = new Map<number, Pending>();

  static async open(url: string, options: BenchClientOptions = {}): Promise<BenchClient> {
    const client = new BenchClient();
    client.#socket = await RawSocket.open(url, {
      onFrame: (frame) => client.#receive(frame),
      onEnd: () => client.#gone("the link ended"),
      ...(options.beforeRead ? { beforeRead: options.beforeRead } : {}),
    });
    if (client.socket.status !== 101) throw new Error(`upgrade refused: ${client.socket.status}`);
    if (options.init !== false) await client.initialize(options.resume);
    return client;
  }

  get socket(): RawSocket {
    if (!this.#socket) throw new Error("the link is not open yet");
    return this.#socket;
  }

  async initialize(resume?: string): Promise<void> {
    const params = { clientName: "bench", ...(resume === undefined ? {} : { resumeSessionId: resume }) };
    this.sessionId = (await this.call("initialize", params, 5000)).sessionId;
    this.send(Buffer.from('{"method":"initialized","params":{}}'));
  }

  send(message: Buffer | string): void {
    this.socket.send(Opcode.text, message);
  }

  call(method: string, params: unknown, timeoutMs = 15000): Promise<WireResult> {
    const message = JSON.stringify({ id: this.#nextId, method, params });
    return new Promise((resolve, reject) => {
      this.#request({ kind: "parsed", resolve, reject }, timeoutMs, () => this.send(message));
    });
  }

  callRaw(method: string, params: unknown, timeoutMs = 15000): Promise<RawReply> {
    const message = JSON.stringify({ id: this.#nextId, method, params });
    return new Promise((resolve, reject) => {
      this.#request({ kind: "raw", resolve, reject }, timeoutMs, () => this.send(message));
    });
  }

  /** A prebuilt message without its `{"id":N,`, in one frame or in fragments of so many bytes. */
  callPrebuilt(
    rest: Buffer,
    timeoutMs: number,
    fragmentBytes = Number.POSITIVE_INFINITY,
  ): Promise<WireResult> {
    const message = Buffer.concat([Buffer.from(`{"id":${this.#nextId},`), rest]);
    return new Promise((resolve, reject) => {
      this.#request({ kind: "parsed", resolve, reject }, timeoutMs, () => {
        for (let at = 0; at < message.length; at += fragmentBytes) {
          const fin = at + fragmentBytes >= message.length;
          this.socket.send(at ? Opcode.continuation : Opcode.text, message.subarray(at, at + fragmentBytes), {
            fin,
          });
        }
      });
    });
  }

  close(): void {
    this.#socket?.end();
    this.#gone("closed here");
  }

  abort(): void {
    this.#socket?.destroy();
    this.#gone("aborted here");
  }

  #request(pending: Pending, timeoutMs: number, send: () => void): void {
    const id = this.#nextId++;
    if (this.closed) {
      pending.reject(new Error(`connection closed: ${this.closeReason}`));
      return;
    }
    this.#pending.set(id, pending);
    if (timeoutMs > 0) {
      setTimeout(() => {
        if (this.#pending.delete(id)) pending.reject(new Error(`no reply in ${timeoutMs} ms`));
      }, timeoutMs).unref();
    }
    send();
  }

  #gone(reason: string): void {
    if (this.closed) return;
    this.closed = true;
    this.closeReason ||= reason;
    for (const pending of this.#pending.values())
      pending.reject(new Error(`connection closed: ${this.closeReason}`));
    this.#pending.clear();
    this.onClose?.();
  }

  #receive({ opcode, fin, payload }: Frame): void {
    this.framesIn++;
    if (opcode === Opcode.ping) {
      this.socket.send(Opcode.pong, Buffer.from(payload));
    } else if (opcode === Opcode.close) {
      this.closeReason = `close ${payload.length >= 2 ? payload.readUInt16BE(0) : 1005} ${payload.subarray(2)}`;
      this.#gone(this.closeReason);
    } else if (opcode !== Opcode.pong) {
      this.#data(fin, payload);
    }
  }

  #data(fin: boolean, payload: Buffer): void {
    if (fin && this.#fragments.length === 0) {
      this.#message(payload);
      return;
    }
    this.#fragments.push(Buffer.from(payload));
    if (!fin) return;
    const whole = Buffer.concat(this.#fragments);
    this.#fragments = [];
    this.#message(whole);
  }

  #message(bytes: Buffer): void {
    const at = performance.now();
    if (bytes.subarray(0, 64).includes(outputMark) && this.#output(bytes)) return;
    if (bytes.length > 1 << 20 && this.#largeReply(bytes, at)) return;
    const message = readMessage(bytes.toString());
    if (message.method !== undefined) {
      this.onEvent?.(message.method, message.params?.processId ?? "", message);
      return;
    }
    const id = Number(message.id);
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    if (pending.kind === "raw") pending.resolve({ bytes: Buffer.from(bytes), at });
    else if (message.result) pending.resolve(message.result);
    else pending.reject(new ErrorReply(`${message.error?.code} ${message.error?.message}`));
  }

  /** The members stand before or after the chunk; they are looked for there and never inside it. */
  #output(bytes: Buffer): boolean {
    if (!this.onOutput) return true;
    const mark = bytes.indexOf(chunkMark);
    if (mark < 0 || mark > 1000) return false;
    const start = mark + chunkMark.length;
    const end = bytes.indexOf(quote, start);
    const around =
      bytes.toString("latin1", 0, mark) + bytes.toString("latin1", end, Math.min(bytes.length, end + 400));
    const seq = /"seq":(\d+)/.exec(around)?.[1];
    const processId = /"processId":"([^"]*)"/.exec(around)?.[1];
    if (seq === undefined || processId === undefined) return false;
    this.onOutput({ processId, seq: Number(seq), chunk: bytes.subarray(start, end) });
    return true;
  }

  #largeReply(bytes: Buffer, at: number): boolean {
    const head = /"id":(\d+)/.exec(bytes.toString("latin1", 0, 200))?.[1];
    const tail = /"id":(\d+)\}?\s*$/.exec(bytes.toString("latin1", bytes.length - 60, bytes.length))?.[1];
    const id = Number(head ?? tail);
    const pending = this.#pending.get(id);
    if (pending?.kind !== "raw") return false;
    this.#pending.delete(id);
    pending.resolve({ bytes: Buffer.from(bytes), at });
    return true;
  }
}
