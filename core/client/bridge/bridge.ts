import { limits } from "../../limits.ts";
import { encodeError, encodeNotification, encodeResult } from "../../protocol/encode-message.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import type { Connection, ConnectionEvents } from "../../transport/connection.ts";
import { backoffMs } from "../backoff.ts";
import { finalReason } from "../final-reason.ts";
import { type Downstream, type Request, readRequest, textMember } from "./downstream.ts";
import { Upstream, type UpstreamOptions } from "./upstream.ts";

export interface BridgeOptions extends UpstreamOptions {
  /** A session could not be opened at once; it is tried again, or else whoever waits for it is told. */
  readonly onFailure: (error: unknown, next: "again" | "given up") => void;
}

/** The id of an error that answers no request. */
const NO_REQUEST = -1;

/**
 * A server to the client on `connection`, and a client to the server behind it: what happens to the link between the
 * two is not seen in front, but for requests whose effect nobody can know. After a session is lost, its processes are
 * told to have ended and the next request opens another.
 */
export class Bridge implements ConnectionEvents, Downstream {
  readonly #connection: Connection;
  readonly #options: BridgeOptions;
  readonly #ended = Promise.withResolvers<void>();
  #clientName: string | undefined;
  #upstream: Upstream | undefined;
  #opening: Promise<Upstream> | undefined;
  /** The one that is being opened. */
  #attempt: Upstream | undefined;
  /** What the server said of itself when the session was opened. */
  #answer: object = {};
  #waiting: PromiseWithResolvers<void> | undefined;
  #over = false;
  #underWay = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(connection: Connection, options: BridgeOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Resolves when the client has gone and nothing is left of what it had started. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Resolves when every request has its answer. */
  async answered(): Promise<void> {
    if (this.#underWay === 0) return;
    this.#idle ??= Promise.withResolvers<void>();
    await this.#idle.promise;
  }

  message(text: string): void {
    let request: Request | undefined;
    try {
      request = readRequest(text);
    } catch (error) {
      return this.#refuse(NO_REQUEST, error);
    }
    if (request === undefined) return;
    this.#underWay++;
    void this.#serve(request).finally(() => {
      this.#underWay--;
      if (this.#underWay > 0) return;
      this.#idle?.resolve();
      this.#idle = undefined;
    });
  }

  malformed(reason: string): void {
    this.#refuse(NO_REQUEST, new RpcError(ErrorCode.invalidRequest, reason));
  }

  drained(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }

  closed(): void {
    this.#over = true;
    this.drained();
    void this.#end().then(this.#ended.resolve, this.#ended.resolve);
  }

  notify(method: string, params: object): void {
    this.#connection.send(encodeNotification(method, params));
  }

  room(): Promise<void> | undefined {
    if (this.#over || this.#connection.buffered <= limits.outboundHighWaterBytes) return undefined;
    this.#waiting ??= Promise.withResolvers<void>();
    return this.#waiting.promise;
  }

  async #serve({ id, method, params }: Request): Promise<void> {
    if (method === "initialize") return await this.#initialize(id, params);
    try {
      if (this.#clientName === undefined) {
        throw new RpcError(ErrorCode.invalidRequest, "client must call initialize first");
      }
      // Without a wait where there is a session: requests keep their order.
      const upstream = this.#upstream ?? (await this.#open());
      const answer = upstream.request(method, params);
      await answer.then(
        (result) => {
          this.#connection.send(encodeResult(id, result));
          upstream.answered(method, params, true);
        },
        (error: unknown) => {
          this.#refuse(id, error);
          upstream.answered(method, params, false);
        },
      );
    } catch (error) {
      this.#refuse(id, error);
    }
  }

  async #initialize(id: Request["id"], params: unknown): Promise<void> {
    const fault = this.#initializeFault(params);
    if (fault !== undefined) return this.#refuse(id, new RpcError(ErrorCode.invalidRequest, fault));
    this.#clientName = textMember(params, "clientName") ?? "codex-env-dial";
    try {
      await this.#open();
      this.#connection.send(encodeResult(id, this.#answer));
    } catch (error) {
      this.#clientName = undefined;
      this.#refuse(id, error);
    }
  }

  #initializeFault(params: unknown): string | undefined {
    if (this.#clientName !== undefined) return "initialize may only be sent once per connection";
    const resumed = textMember(params, "resumeSessionId");
    // The session that this bridge keeps is its own; to its client each bridge is a new server.
    return resumed === undefined ? undefined : `unknown session id ${resumed}`;
  }

  /** The session, opened once however many requests wait for it. */
  #open(): Promise<Upstream> {
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** What may pass is tried again, for as long as a client is likely to wait. */
  async #connect(): Promise<Upstream> {
    const giveUpAt = performance.now() + limits.bridgeConnectMs;
    for (let attempt = 1; ; attempt++) {
      const upstream: Upstream = this.#make(() => {
        if (this.#upstream === upstream) this.#upstream = undefined;
      });
      this.#attempt = upstream;
      try {
        this.#answer = await upstream.open();
        if (this.#over) throw new RpcError(ErrorCode.internal, "the client has gone");
        this.#upstream = upstream;
        return upstream;
      } catch (error) {
        await upstream.end();
        const wait = backoffMs(attempt);
        const mayPass = this.#options.target.kind !== "command" && finalReason(error) === undefined;
        if (this.#over) throw error;
        const again = mayPass && performance.now() + wait <= giveUpAt;
        if (attempt === 1) this.#options.onFailure(error, again ? "again" : "given up");
        if (!again) throw error;
        await Bun.sleep(wait);
        if (this.#over) throw error;
      }
    }
  }

  #make(lost: () => void): Upstream {
    const { onState, deadlines } = this.#options;
    const dialMs = Math.min(deadlines?.dialMs ?? limits.dialDeadlineMs, limits.bridgeConnectMs);
    const options = {
      ...this.#options,
      deadlines: { ...deadlines, dialMs },
      clientName: this.#clientName ?? "",
      onState: (state: Parameters<typeof onState>[0]) => {
        if (state.kind === "lost") lost();
        onState(state);
      },
    };
    return new Upstream(options, this);
  }

  #refuse(id: Request["id"], error: unknown): void {
    const [code, message] =
      error instanceof RpcError
        ? [error.code, error.message]
        : [ErrorCode.internal, error instanceof Error ? error.message : String(error)];
    this.#connection.send(encodeError(id, code, message));
  }

  async #end(): Promise<void> {
    // An opening is given up: nobody waits for it any more.
    await Promise.all([this.#opening?.catch(() => {}), this.#attempt?.end()]);
    await this.#upstream?.end();
  }
}
