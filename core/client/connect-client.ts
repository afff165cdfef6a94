import type { FileSystem } from "../filesystem/file-system.ts";
import { RemoteFileSystem } from "../filesystem/remote/remote-file-system.ts";
import { limits } from "../limits.ts";
import { InboundBudget } from "../process/remote/inbound-budget.ts";
import { RemoteProcesses } from "../process/remote/remote-processes.ts";
import type { RemoteCalls } from "../rpc/remote-calls.ts";
import { askInfo } from "./ask-info.ts";
import type { Deadlines } from "./attach.ts";
import { type EnvironmentInfo, environmentMethods, noCapabilities } from "./environment-info.ts";
import { Link } from "./link.ts";
import type { LinkState } from "./link-state.ts";
import type { Noise } from "./noise.ts";
import type { Target } from "./target.ts";

export interface ClientOptions {
  /** How we introduce ourselves. */
  readonly clientName: string;
  /** How long the session should live without a link, where the server lets us say so. */
  readonly sessionTtlSeconds?: number;
  /** A session that an earlier client has left, to go on with; absent: a new one. */
  readonly resumeSessionId?: string;
  /** Whether to restore a link that was cut; default true. Useless where the server ends with its connection. */
  readonly resume?: boolean;
  readonly onState?: (state: LinkState) => void;
  /** How long to wait for the connection and for the answer to `initialize`, ms. */
  readonly deadlines?: Deadlines;
  /** What a program that carries the connection prints beside its messages. */
  readonly onNoise?: (noise: Noise) => void;
  /** Told of each program that carries a connection: the promise resolves when nothing of it is left. */
  readonly onProgram?: (gone: Promise<void>) => void;
  /** Gives up connecting; later it says nothing. */
  readonly signal?: AbortSignal;
}

/** A session on an exec-server. */
export interface ExecClient extends Disposable {
  readonly sessionId: string;
  readonly info: EnvironmentInfo;
  readonly state: LinkState;
  /** How long the session lives without a link, as far as we know, s. */
  readonly sessionTtlSeconds: number;
  readonly calls: RemoteCalls;
  readonly processes: RemoteProcesses;
  readonly files: FileSystem;
  /** Whether a link that is cut is restored. */
  readonly resumes: boolean;
  /** Cuts the connection, so that it is opened anew and the session resumed; without {@link resumes} it is the end. */
  reconnect(): void;
  /** Has the session live for so long without a link from now on, s; where the server lets us say so. */
  keepFor(seconds: number): Promise<void>;
  close(): void;
}

/**
 * Connects to an exec-server and opens a session. When the link is cut it is restored, the session resumed and every
 * process continued where it stopped. Rejects with DialError, RpcError, LinkCutError, DeadlineError or
 * ProtocolViolationError.
 */
export async function connectClient(target: Target, options: ClientOptions): Promise<ExecClient> {
  const resumable = target.kind === "websocket" || target.kind === "unix";
  const resume = resumable && (options.resume ?? true);
  let asked = options.sessionTtlSeconds;
  let info: EnvironmentInfo | undefined;
  const livesForSeconds = () =>
    info?.capabilities.sessionTtl === false ? limits.sessionTtlSeconds : (asked ?? limits.sessionTtlSeconds);
  const link = new Link(
    {
      target,
      clientName: options.clientName,
      resume,
      recoverMs: () => livesForSeconds() * 1_000 + limits.recoverMarginMs,
      get sessionTtlSeconds() {
        return asked;
      },
      ...(options.resumeSessionId === undefined ? {} : { resumeSessionId: options.resumeSessionId }),
      ...(options.deadlines === undefined ? {} : { deadlines: options.deadlines }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
    {
      notified: (method, params) => processes.notified(method, params),
      heard: (noise) => options.onNoise?.(noise),
      program: (gone) => options.onProgram?.(gone),
      changed(state) {
        if (state.kind === "ready" && state.resumes > 0) processes.catchUp();
        options.onState?.(state);
        if (state.kind === "lost") processes.lose(state.reason);
        if (state.kind === "closed") processes.lose("the client was closed");
      },
    },
  );
  const budget = new InboundBudget((held) => link.hold(held));
  const processes = new RemoteProcesses(link, budget, () => info?.capabilities ?? noCapabilities);
  const introduced = await link.open();
  // A server may leave the information out of its first answer.
  info = introduced.environmentInfo ?? (await askForInfo(link, options));
  const known = info;
  return {
    get sessionId() {
      return link.sessionId;
    },
    get state() {
      return link.state;
    },
    info: known,
    get sessionTtlSeconds() {
      return livesForSeconds();
    },
    calls: link,
    processes,
    files: new RemoteFileSystem(link),
    resumes: resume,
    reconnect: () => link.cut("reconnect"),
    async keepFor(seconds) {
      asked = seconds;
      link.cut("keep it longer");
      // The cut is seen in a turn of its own; then a call waits for the new connection.
      await Bun.sleep(0);
      await link.call(environmentMethods.status, {});
    },
    close: () => link.close(),
    [Symbol.dispose]: () => link.close(),
  };
}

/** The session is of no use without it, and nobody would close it. */
async function askForInfo(link: Link, { signal }: ClientOptions): Promise<EnvironmentInfo> {
  try {
    return await askInfo(link, signal === undefined ? {} : { signal });
  } catch (error) {
    link.close();
    throw error;
  }
}
