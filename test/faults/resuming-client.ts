import { sleep } from "../support/wait.ts";
import { fromBase64, type Params, WireClient } from "../support/wire-client.ts";
import type { WireNotification } from "../support/wire-message.ts";
import type { History } from "./history.ts";

/** Bytes after which the next link is cut, counted from its first; undefined lets it live. */
export type CutPlan = () => number | undefined;

/**
 * A client that loses its link again and again, resumes its session each time, and tells the histories of its
 * processes everything it learns. It asks for what it missed as the published client does: one process/read after
 * the last seq it holds.
 */
export class ResumingClient {
  cuts = 0;
  sessionId = "";
  readonly #url: string;
  readonly #histories: ReadonlyMap<string, History>;
  readonly #nextCut: CutPlan;
  #link: WireClient | undefined;
  #connecting: Promise<WireClient> | undefined;
  /** Notifications seen on the present link, to notice one that comes twice on the same link. */
  readonly repeats: string[] = [];
  #seenOnLink = new Set<string>();

  constructor(url: string, histories: ReadonlyMap<string, History>, nextCut: CutPlan) {
    this.#url = url;
    this.#histories = histories;
    this.#nextCut = nextCut;
  }

  /** A request, repeated on the next link when its own is lost; only for requests that may be repeated. */
  async call(method: string, params: Params) {
    for (;;) {
      const link = await this.link();
      try {
        return await link.call(method, params, { timeoutMs: 20000 });
      } catch (error) {
        if (!link.closed) throw error;
      }
    }
  }

  /** The present link, or the next one when it is gone. */
  link(): Promise<WireClient> {
    if (this.#link && !this.#link.closed) return Promise.resolve(this.#link);
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** Resolves when every history is closed. */
  untilClosed(ms: number): Promise<boolean> {
    return this.until(() => [...this.#histories.values()].every((history) => history.closed), ms);
  }

  /** Keeps the link up, with a new one for each that is lost, until this is so or the time is over. */
  async until(done: () => boolean, ms: number): Promise<boolean> {
    const end = performance.now() + ms;
    while (!done() && performance.now() < end) {
      const link = await this.link();
      await link.waitFor(() => link.closed || done(), 200).catch(() => {});
    }
    return done();
  }

  vanish(): void {
    this.#link?.vanish();
  }

  async #connect(): Promise<WireClient> {
    for (let attempt = 0; attempt < 400; attempt++) {
      const link = await this.#open();
      if (link) return link;
      await sleep(25);
    }
    throw new Error("the session could not be resumed in 10 s");
  }

  async #open(): Promise<WireClient | undefined> {
    const first = this.sessionId === "";
    this.#seenOnLink = new Set();
    const link = await WireClient.open(this.#url, {
      init: false,
      onNotification: (notification) => this.#notified(notification),
    });
    this.#cutLater(link);
    try {
      const params = { clientName: "faults", ...(first ? {} : { resumeSessionId: this.sessionId }) };
      const reply = await link.call("initialize", params);
      if (!reply.result) {
        link.vanish();
        if (reply.error?.code === -32010) return undefined;
        throw new Error(`resume refused: ${JSON.stringify(reply.error)}`);
      }
      this.sessionId = reply.result.sessionId;
      link.notify("initialized", {});
      this.#link = link;
      if (!first) await this.#catchUp(link);
      return link;
    } catch (error) {
      if (!link.closed) throw error;
      return undefined;
    }
  }

  #cutLater(link: WireClient): void {
    const after = this.#nextCut();
    if (after === undefined) return;
    link.socket.cutAfter(after, () => {
      this.cuts++;
    });
  }

  async #catchUp(link: WireClient): Promise<void> {
    for (const [processId, history] of this.#histories) {
      if (history.closed) continue;
      const afterSeq = history.lastSeq;
      const reply = await link.call("process/read", { processId, afterSeq, maxBytes: null, waitMs: 0 });
      if (!reply.result) {
        // The start itself may have been lost with the link.
        if (history.lastSeq === 0) continue;
        throw new Error(`process/read after a resume: ${JSON.stringify(reply.error)}`);
      }
      const { chunks, nextSeq, exitCode, closed } = reply.result;
      if (reply.result.omittedBytes)
        history.violations.push(`${processId}: ${reply.result.omittedBytes} bytes omitted`);
      for (const { seq, stream, chunk } of chunks) {
        history.add({ kind: "output", seq, stream, bytes: fromBase64(chunk) });
      }
      history.covered(
        afterSeq,
        nextSeq,
        chunks.map((item) => item.seq),
      );
      if (closed) history.sawClosed(nextSeq - 1, exitCode);
    }
  }

  #notified({ method, params }: WireNotification): void {
    const history = this.#histories.get(params.processId);
    if (!history) return;
    const key = `${params.processId} ${params.seq}`;
    if (this.#seenOnLink.has(key)) this.repeats.push(key);
    this.#seenOnLink.add(key);
    const { seq } = params;
    if (method === "process/output") {
      history.add({ kind: "output", seq, stream: params.stream, bytes: fromBase64(params.chunk) });
    }
    if (method === "process/exited") history.add({ kind: "exited", seq, exitCode: params.exitCode });
    if (method === "process/closed") history.add({ kind: "closed", seq });
  }
}
