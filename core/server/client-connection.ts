import type { SandboxedRequestsOptions } from "../filesystem/sandboxed/sandboxed-requests.ts";
import { LateFilesystemScope } from "../filesystem/scope/late-filesystem-scope.ts";
import { noteGarbage } from "../host/garbage.ts";
import { limits } from "../limits.ts";
import { type ProcessCaller, startProcess } from "../process/handler/process-handler.ts";
import type { StartHost } from "../process/handler/start.ts";
import type { ManagedProcess } from "../process/managed-process.ts";
import { encodeNotification } from "../protocol/encode-message.ts";
import type { JsonValue } from "../protocol/json/json-value.ts";
import { decodeMessage, unreadable } from "../protocol/message.ts";
import {
  decodeParams,
  isMethodName,
  type MethodName,
  type MethodParams,
  methods,
} from "../protocol/methods.ts";
import type { RequestId } from "../protocol/request-id.ts";
import type { EnvironmentInfo } from "../protocol/results.ts";
import { ErrorCode, RpcError } from "../protocol/rpc-error.ts";
import type { Mechanism } from "../sandbox/mechanism.ts";
import type { Attachment, Session } from "../session/session.ts";
import type { SessionRegistry } from "../session/session-registry.ts";
import type { Connection, ConnectionEvents } from "../transport/connection.ts";
import { Answers } from "./answers.ts";
import { Handshake } from "./handshake.ts";
import { NotificationFeed } from "./notification-feed.ts";
import { type RouteContext, routes } from "./routes.ts";

/** The id of an error that answers no request. */
const NO_REQUEST = -1;

/** Messages below this are left to the collector, characters. A larger one leaves its text, its base64 and its bytes. */
const LARGE_TEXT = 16 * 1024;
const GARBAGE_PER_CHARACTER = 2;

/** Websocket close codes (RFC 6455, 7.4.1). */
const PROTOCOL_ERROR = 1002;
const INTERNAL_ERROR = 1011;

export interface ServerContext {
  readonly registry: SessionRegistry;
  readonly host: StartHost;
  readonly info: () => EnvironmentInfo;
  /** Absent: files are served without a sandbox only. */
  readonly filesystemSandbox?: () => Promise<SandboxedRequestsOptions>;
  /** How this machine holds restricting profiles. */
  readonly mechanism: () => Promise<Mechanism>;
  /** An error that is ours and not the client's; `method` is the request it happened in. */
  readonly onInternalError: (error: unknown, method: string) => void;
}

/**
 * One client on one connection: reads its messages, keeps the handshake, runs its requests side by side, and answers
 * each once. Everything that has to keep an order keeps it further down: the log, the process table, the filesystem
 * scope.
 */
export class ClientConnection implements ConnectionEvents, Attachment {
  readonly #connection: Connection;
  readonly #server: ServerContext;
  readonly #handshake: Handshake;
  readonly #feed: NotificationFeed;
  readonly #filesystem: LateFilesystemScope;
  readonly #answers: Answers;
  readonly #ended = new AbortController();
  #inFlight = 0;
  #over = false;

  constructor(connection: Connection, server: ServerContext) {
    this.#connection = connection;
    this.#server = server;
    this.#handshake = new Handshake(server.registry, this);
    this.#answers = new Answers(connection);
    this.#feed = new NotificationFeed(connection, (error) => this.#outputLost(error));
    this.#filesystem = new LateFilesystemScope({
      notify: (method, params) => connection.send(encodeNotification(method, params)),
      congested: () => this.#answers.congested,
      ...(server.filesystemSandbox === undefined ? {} : { sandbox: server.filesystemSandbox }),
    });
  }

  sinkFor(process: ManagedProcess): ReturnType<NotificationFeed["sinkFor"]> {
    return this.#feed.sinkFor(process);
  }

  message(text: string): void {
    if (this.#over) return;
    if (text.length > LARGE_TEXT) noteGarbage(text.length * GARBAGE_PER_CHARACTER);
    try {
      const message = decodeMessage(text, this.#connection);
      switch (message.kind) {
        case "request":
          return this.#request(message.id, message.method, message.params);
        case "notification":
          return this.#notification(message.method);
        case "response":
          return this.#violation("a response came to a request that this server never sent");
      }
    } catch (error) {
      this.#fail(NO_REQUEST, error, "message");
    }
  }

  malformed(reason: string): void {
    if (!this.#over) this.#fail(NO_REQUEST, unreadable(this.#connection, reason), "message");
  }

  drained(): void {
    if (this.#over) return;
    this.#answers.drained();
    this.#filesystem.drained();
    this.#feed.drained();
  }

  closed(): void {
    this.#over = true;
    this.#feed.end();
    this.#filesystem[Symbol.dispose]();
    this.#ended.abort(new RpcError(ErrorCode.invalidRequest, "the connection has ended"));
    this.#answers.end();
    const { session } = this.#handshake;
    if (session?.isHeldBy(this)) this.#server.registry.detach(session);
  }

  /** Tells the client why and ends the connection. */
  close(code: number, reason: string): void {
    this.#connection.close(code, reason);
  }

  #notification(method: string): void {
    if (method !== "initialized") return this.#violation(`unexpected notification ${method}`);
    if (!this.#handshake.initialized()) this.#violation("initialized came before initialize");
  }

  /** What the reference drops a connection for without a word; here the client is told first. */
  #violation(reason: string): void {
    this.#over = true;
    this.#answers.error(NO_REQUEST, { code: ErrorCode.invalidRequest, message: reason });
    this.#connection.close(PROTOCOL_ERROR, reason);
  }

  /** Skipping an event would leave the client waiting for it; a resume reads on and is told what is missing. */
  #outputLost(error: unknown): void {
    this.#server.onInternalError(error, "process/output");
    this.close(INTERNAL_ERROR, "output that was kept on disk cannot be read back");
  }

  #request(id: RequestId, method: string, params: JsonValue | undefined): void {
    try {
      if (!isMethodName(method)) {
        throw new RpcError(ErrorCode.methodNotFound, `exec-server stub does not implement \`${method}\` yet`);
      }
      this.#run(id, method, params);
    } catch (error) {
      this.#fail(id, error, method);
    }
  }

  #run(id: RequestId, method: MethodName, params: JsonValue | undefined): void {
    if (method === "initialize") return this.#initialize(id, decodeParams(method, params));
    if (method === "process/start") {
      const decoded = decodeParams(method, params);
      const context = this.#context(this.#handshake.ready(methods[method].family));
      return this.#track(id, method, this.#start(id, decoded, context.caller));
    }
    const decoded = decodeParams(method, params);
    const context = this.#context(this.#handshake.ready(methods[method].family));
    // Sound: `routes[method]` takes what `decodeParams(method, ...)` gives; TypeScript cannot tie the two for a union.
    const route = routes[method] as (context: RouteContext, params: unknown) => unknown;
    const result = route(context, decoded);
    if (result instanceof Promise) {
      this.#track(
        id,
        method,
        result.then((value) => this.#answer(id, value)),
      );
    } else {
      this.#answer(id, result);
    }
  }

  #initialize(id: RequestId, params: MethodParams["initialize"]): void {
    const session = this.#handshake.initialize(params);
    this.#answer(id, { sessionId: session.id, environmentInfo: this.#server.info() });
  }

  #start(id: RequestId, params: MethodParams["process/start"], caller: ProcessCaller): Promise<void> {
    return startProcess(caller, params, (result) => this.#answer(id, result));
  }

  /** Counts a request that is answered later, and answers its failure. */
  #track(id: RequestId, method: string, done: Promise<void>): void {
    this.#inFlight += 1;
    done
      .catch((error: unknown) => this.#fail(id, error, method))
      .finally(() => {
        this.#inFlight -= 1;
      });
  }

  #context(session: Session): RouteContext {
    if (!session.isHeldBy(this)) {
      throw new RpcError(ErrorCode.invalidRequest, "session has been resumed by another connection");
    }
    if (this.#inFlight >= limits.requestsInFlight) {
      throw new RpcError(
        ErrorCode.invalidRequest,
        `too many unanswered requests on this connection: the limit is ${limits.requestsInFlight}`,
      );
    }
    return {
      caller: {
        table: session.processes,
        host: this.#server.host,
        ended: this.#ended.signal,
        answers: this.#answers,
      },
      filesystem: this.#filesystem,
      info: this.#server.info,
      mechanism: this.#server.mechanism,
    };
  }

  #answer(id: RequestId, result: unknown): void {
    if (this.#over) return;
    const characters = this.#answers.result(id, result);
    if (characters > LARGE_TEXT) noteGarbage(characters * GARBAGE_PER_CHARACTER);
  }

  #fail(id: RequestId, error: unknown, method: string): void {
    if (this.#over) return;
    if (error instanceof RpcError) return this.#answers.error(id, error);
    this.#server.onInternalError(error, method);
    const message = "internal error of the exec-server; its log says more";
    this.#answers.error(id, { code: ErrorCode.internal, message });
  }
}
