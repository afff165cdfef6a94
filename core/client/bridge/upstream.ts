import * as v from "valibot";
import { limits } from "../../limits.ts";
import { InboundBudget } from "../../process/remote/inbound-budget.ts";
import type { Deadlines } from "../attach.ts";
import { Link } from "../link.ts";
import type { LinkState } from "../link-state.ts";
import type { Noise } from "../noise.ts";
import type { Target } from "../target.ts";
import { afterCut } from "./after-cut.ts";
import { BridgedFiles } from "./bridged-files.ts";
import { BridgedProcesses } from "./bridged-processes.ts";
import { BridgedStreams } from "./bridged-streams.ts";
import { BridgedWatch } from "./bridged-watch.ts";
import { asObject, type Downstream, textMember } from "./downstream.ts";

export interface UpstreamOptions {
  readonly target: Target;
  /** Whether a link that is cut is restored. */
  readonly resume: boolean;
  readonly sessionTtlSeconds?: number;
  readonly deadlines?: Deadlines;
  readonly onState: (state: LinkState) => void;
  readonly onNoise: (noise: Noise) => void;
}

/** One session of a bridge with the server behind it. */
export class Upstream {
  readonly #link: Link;
  readonly #client: Downstream;
  readonly #processes: BridgedProcesses;
  readonly #files: BridgedFiles;
  readonly #watch: BridgedWatch;
  readonly #streams: BridgedStreams;
  readonly #programs: Promise<void>[] = [];
  readonly #openingEnd = new AbortController();
  #livesForSeconds: number;
  #writes = 0;

  constructor(options: UpstreamOptions & { readonly clientName: string }, client: Downstream) {
    const { target, resume, clientName, sessionTtlSeconds, deadlines } = options;
    this.#client = client;
    this.#livesForSeconds = sessionTtlSeconds ?? limits.sessionTtlSeconds;
    this.#link = new Link(
      {
        target,
        clientName,
        signal: this.#openingEnd.signal,
        resume: resume && (target.kind === "websocket" || target.kind === "unix"),
        recoverMs: () => this.#livesForSeconds * 1_000 + limits.recoverMarginMs,
        ...(sessionTtlSeconds === undefined ? {} : { sessionTtlSeconds }),
        ...(deadlines === undefined ? {} : { deadlines }),
      },
      {
        notified: (method, params) => this.#notified(method, params),
        heard: options.onNoise,
        program: (gone) => this.#programs.push(gone),
        changed: (state) => {
          this.#changed(state);
          options.onState(state);
        },
      },
    );
    const budget = new InboundBudget((held) => this.#link.hold(held));
    this.#processes = new BridgedProcesses(this.#link, client, budget);
    this.#files = new BridgedFiles((method, params, then) => this.#pass(method, params, then));
    this.#watch = new BridgedWatch(
      (method, params, then) => this.#pass(method, params, then),
      (params) => client.notify("fs/missingChanged", params),
    );
    this.#streams = new BridgedStreams(client, budget);
  }

  /** Connects; resolves to all that the server answered. Rejects as Link.open does. */
  async open(): Promise<object> {
    const { answer, environmentInfo } = await this.#link.open();
    if (environmentInfo?.capabilities.sessionTtl === false) this.#livesForSeconds = limits.sessionTtlSeconds;
    return asObject(answer);
  }

  /** Passes a request on, as if the link were never cut. Rejects with RpcError, EffectUnknownError or LinkLostError. */
  request(method: string, given: unknown): Promise<unknown> {
    const params = asObject(given);
    if (method === "process/start") return this.#start(params);
    if (method === "process/write") return this.#pass(method, this.#identified(params), "repeat");
    if (method === "fs/watchMissing") return this.#watch.request(params);
    if (this.#files.concerns(method)) return this.#files.request(method, params);
    if (method === "http/request") this.#streams.begin(params);
    return this.#pass(method, params, afterCut(method));
  }

  /** The client has the answer to a request: what follows from it may be told. */
  answered(method: string, params: unknown, succeeded: boolean): void {
    if (method === "process/start") this.#processes.announce(params);
    if (method === "http/request") this.#streams.answered(asObject(params), succeeded);
  }

  /** Ends every process and the session; resolves when nothing of it is left. */
  async end(): Promise<void> {
    if (this.#link.state.kind === "ready") await this.#processes.terminateAll();
    else this.#openingEnd.abort(new Error("the client has gone"));
    this.#link.close();
    await Promise.all(this.#programs);
  }

  #start(params: object): Promise<unknown> {
    const processId = textMember(params, "processId");
    // The server says what is wrong with it; one that is taken is not ours to look up after a cut.
    if (processId === undefined || this.#processes.has(processId))
      return this.#pass("process/start", params, "report");
    return this.#processes.start(processId, params);
  }

  /** Every write has an id by which the server knows it again. */
  #identified(params: object): object {
    if (textMember(params, "writeId") !== undefined) return params;
    return { ...params, writeId: `codex-env-dial-${this.#writes++}` };
  }

  #pass(name: string, params: object, then: "repeat" | "report"): Promise<unknown> {
    return this.#link.call({ name, answer: v.unknown(), afterCut: then }, params);
  }

  #notified(method: string, params: unknown): void {
    if (this.#processes.notified(method, params)) return;
    if (method === "fs/missingChanged") this.#watch.notified(params);
    else if (method === "http/request/bodyDelta") this.#streams.notified(params);
    else this.#client.notify(method, asObject(params));
  }

  #changed(state: LinkState): void {
    switch (state.kind) {
      case "recovering":
        this.#files.cut();
        this.#streams.cut();
        return;
      case "ready":
        if (state.resumes === 0) return;
        this.#processes.resumed();
        void this.#watch.resumed();
        return;
      case "lost":
        this.#streams.cut();
        this.#processes.lose(state.reason);
    }
  }
}
