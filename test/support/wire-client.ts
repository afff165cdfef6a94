import { type Frame, Opcode } from "./raw/frame.ts";
import { RawSocket } from "./raw/raw-socket.ts";
import { readMessage, type WireMessage, type WireNotification, type WireResult } from "./wire-message.ts";

export interface WireClientOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds a reply may take, 15,000 unless told. */
  readonly timeoutMs?: number;
  /** `false` opens the link without the handshake of the protocol. */
  readonly init?: boolean;
  readonly resume?: string;
  /** Keep every frame in `frames`, answer no ping and no close: for looking at the link itself. */
  readonly manual?: boolean;
  /** Given every notification instead of `notifications` and `inbound` keeping it: for output that fills memory. */
  readonly onNotification?: (notification: WireNotification) => void;
}

export type Params =
  | Readonly<Record<string, unknown>>
  | readonly unknown[]
  | string
  | number
  | boolean
  | null;

export interface CallOptions {
  readonly id?: string | number;
  readonly timeoutMs?: number;
}

export class NoReplyError extends Error {}

/**
 * A JSON-RPC client that never validates: odd traffic can be sent and odd replies seen. Everything that
 * arrives is kept in order in `inbound`.
 */
export class WireClient {
  readonly frames: Frame[] = [];
  readonly inbound: WireMessage[] = [];
  readonly notifications: WireNotification[] = [];
  /** Replies that nobody waits for. */
  readonly orphans: WireMessage[] = [];
  /** 1006 when the link ended without a close frame. */
  closed: { readonly code: number; readonly reason: string } | undefined;
  sessionId = "";
  readonly timeoutMs: number;
  #socket: RawSocket | undefined;
  #fragments: Buffer[] = [];
  #nextId = 1;
  readonly #pending = new Map<string, (message: WireMessage) => void>();
  readonly #watchers = new Set<() => void>();
  readonly #options: WireClientOptions;

  private constructor(options: WireClientOptions) {
    this.#options = options;
    this.timeoutMs = options.timeoutMs ?? 15000;
  }

  static async open(url: string, options: WireClientOptions = {}): Promise<WireClient> {
    const client = new WireClient(options);
    const socket = await RawSocket.open(url, {
      ...(options.headers ? { headers: options.headers } : {}),
      onFrame: (frame) => client.#receive(frame),
      onEnd: () => client.#end(1006, ""),
    });
    client.#socket = socket;
    if (options.manual) return client;
    if (socket.status !== 101) throw new Error(`upgrade refused: ${socket.handshake.split("\r\n")[0]}`);
    if (options.init !== false) await client.initialize(options.resume);
    return client;
  }

  get socket(): RawSocket {
    if (!this.#socket) throw new Error("the link is not open yet");
    return this.#socket;
  }

  sendText(text: string | Buffer): void {
    this.socket.send(Opcode.text, text);
  }

  sendJson(value: unknown): void {
    this.sendText(JSON.stringify(value));
  }

  notify(method: string, params?: Params): void {
    this.sendJson(params === undefined ? { method } : { method, params });
  }

  /** Resolves with the whole reply; a JSON-RPC error is a reply too. */
  call(method: string, params?: Params, options: CallOptions = {}): Promise<WireMessage> {
    const id = options.id ?? this.#nextId++;
    const message = params === undefined ? { id, method } : { id, method, params };
    return this.awaitReply(id, () => this.sendJson(message), options.timeoutMs);
  }

  /** A request that must succeed. */
  async request(method: string, params?: Params, timeoutMs?: number): Promise<WireResult> {
    const reply = await this.call(method, params, timeoutMs === undefined ? {} : { timeoutMs });
    if (reply.result === undefined) throw new Error(`${method}: ${JSON.stringify(reply.error)}`);
    return reply.result;
  }

  awaitReply(id: string | number, send: () => void, timeoutMs = this.timeoutMs): Promise<WireMessage> {
    const key = JSON.stringify(id);
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        this.#watchers.delete(whenClosed);
        this.#pending.delete(key);
      };
      const fail = (reason: string) => {
        settle();
        reject(new NoReplyError(reason));
      };
      const whenClosed = () => {
        if (this.closed) fail(`connection closed (${this.closed.code})`);
      };
      const timer = setTimeout(() => fail(`no reply to ${key} in ${timeoutMs} ms`), timeoutMs);
      this.#watchers.add(whenClosed);
      this.#pending.set(key, (message) => {
        settle();
        resolve(message);
      });
      send();
      whenClosed();
    });
  }

  /** Resolves with the first truthy answer, asked again after everything that happens on the link. */
  waitFor<T>(ask: () => T | undefined | null | false, timeoutMs = this.timeoutMs): Promise<T> {
    const first = ask();
    if (first) return Promise.resolve(first);
    return new Promise((resolve, reject) => {
      const check = () => {
        const answer = ask();
        if (!answer) return;
        clearTimeout(timer);
        this.#watchers.delete(check);
        resolve(answer);
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(check);
        reject(new Error(`waited ${timeoutMs} ms in vain`));
      }, timeoutMs);
      this.#watchers.add(check);
    });
  }

  async initialize(resume?: string): Promise<WireResult> {
    const params = { clientName: "wire-test", ...(resume === undefined ? {} : { resumeSessionId: resume }) };
    const result = await this.request("initialize", params);
    this.sessionId = result.sessionId;
    this.notify("initialized", {});
    return result;
  }

  waitClosed(timeoutMs = 5000): Promise<{ code: number; reason: string }> {
    return this.waitFor(() => this.closed, timeoutMs);
  }

  eventsOf(processId: string): WireNotification[] {
    return this.notifications.filter(
      (event) => event.method.startsWith("process/") && event.params?.processId === processId,
    );
  }

  waitExited(processId: string, timeoutMs?: number): Promise<WireNotification> {
    return this.waitFor(
      () => this.eventsOf(processId).find((event) => event.method === "process/exited"),
      timeoutMs,
    );
  }

  waitProcessClosed(processId: string, timeoutMs?: number): Promise<WireNotification> {
    return this.waitFor(
      () => this.eventsOf(processId).find((event) => event.method === "process/closed"),
      timeoutMs,
    );
  }

  /** What a process wrote so far, in order of arrival, as UTF-8. */
  outputOf(processId: string): string {
    const outputs = this.eventsOf(processId).filter((event) => event.method === "process/output");
    return Buffer.concat(outputs.map((event) => Buffer.from(event.params.chunk, "base64"))).toString("utf8");
  }

  /** Says goodbye with a close frame and waits for the end of the link. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.socket.send(Opcode.close, Buffer.from([3, 232]));
    await this.waitClosed(3000).catch(() => {});
    this.vanish();
  }

  /** Drops the link without a word. */
  vanish(): void {
    this.#socket?.destroy();
  }

  #receive(frame: Frame): void {
    if (this.#options.manual) this.frames.push({ ...frame, payload: Buffer.from(frame.payload) });
    if (frame.opcode === Opcode.ping) {
      if (!this.#options.manual) this.socket.send(Opcode.pong, Buffer.from(frame.payload));
    } else if (frame.opcode === Opcode.close) {
      this.#receiveClose(frame.payload);
    } else if (frame.opcode !== Opcode.pong) {
      this.#receiveData(frame);
    }
    this.#wake();
  }

  #receiveClose(payload: Buffer): void {
    const code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
    this.#end(code, payload.subarray(2).toString());
    if (this.#options.manual) return;
    this.#socket?.send(Opcode.close, payload.subarray(0, 2));
    this.#socket?.end();
  }

  #receiveData(frame: Frame): void {
    if (frame.fin && this.#fragments.length === 0) {
      this.#receiveText(frame.payload.toString("utf8"));
      return;
    }
    this.#fragments.push(Buffer.from(frame.payload));
    if (!frame.fin) return;
    const whole = Buffer.concat(this.#fragments);
    this.#fragments = [];
    this.#receiveText(whole.toString("utf8"));
  }

  #receiveText(text: string): void {
    const message = readMessage(text);
    const { method, params } = message;
    if (method !== undefined && message.id === undefined && params && this.#options.onNotification) {
      this.#options.onNotification({ method, params });
      return;
    }
    this.inbound.push(message);
    if (method !== undefined) {
      if (params) this.notifications.push({ method, params });
      return;
    }
    const waiting = this.#pending.get(JSON.stringify(message.id));
    if (waiting) waiting(message);
    else this.orphans.push(message);
  }

  #end(code: number, reason: string): void {
    this.closed ??= { code, reason };
    this.#wake();
  }

  #wake(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

export const toBase64 = (data: string | Uint8Array): string =>
  Buffer.from(data as Uint8Array).toString("base64");
export const fromBase64 = (text: string): Buffer => Buffer.from(text, "base64");
