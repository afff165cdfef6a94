import { peakMiB, resetPeak, residentMiB } from "../../test/support/process-tree.ts";
import { BenchClient, type BenchClientOptions } from "./bench-client.ts";
import { cpuSeconds } from "./cpu-clock.ts";

export type Row = Record<string, number | boolean | string>;

/** Something both servers are asked to do; its row holds what was measured. */
export interface Workload {
  readonly key: string;
  readonly title: string;
  /** Rounds, where the number asked for would take too long. */
  readonly rounds?: number;
  /** Milliseconds after which it is given up, 20,000 unless told. */
  readonly limitMs?: number;
  /** Always with a client that acknowledges at once. */
  readonly quickAck?: boolean;
  /** Nothing that the reference has: the last server's row alone is measured. */
  readonly alone?: boolean;
  run(bench: Bench): Promise<Row>;
}

export interface BenchTarget {
  readonly name: string;
  readonly url: string;
  /** What starts it, up to `--listen`; absent where it was running already. */
  readonly command?: readonly string[];
  /** The server's own processes, its helpers included. */
  readonly pids: readonly number[];
}

let processes = 0;

/** One run of one workload against one server. */
export class Bench {
  readonly target: BenchTarget;
  readonly scale: number;
  readonly timeoutMs: number;
  readonly #deadline: number;
  readonly #beforeRead: ((fd: number) => void) | undefined;
  readonly #clients: BenchClient[] = [];

  constructor(
    target: BenchTarget,
    options: { scale: number; limitMs: number; beforeRead?: ((fd: number) => void) | undefined },
  ) {
    this.target = target;
    this.scale = options.scale;
    this.timeoutMs = options.limitMs;
    this.#deadline = performance.now() + options.limitMs - 500;
    this.#beforeRead = options.beforeRead;
  }

  async open(options: BenchClientOptions = {}): Promise<BenchClient> {
    const client = await BenchClient.open(this.target.url, { ...options, beforeRead: this.#beforeRead });
    this.#clients.push(client);
    return client;
  }

  processId(): string {
    return `b${process.pid}-${++processes}`;
  }

  get leftMs(): number {
    return Math.max(0, this.#deadline - performance.now());
  }

  /** The promise, or an error when the workload's time is over first. */
  async within<T>(promise: Promise<T>, what: string): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`time bound: ${what}`)), this.leftMs);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }

  /** CPU seconds of the server from here on. */
  startCpu(): () => number {
    const before = cpuSeconds(this.target.pids);
    return () => cpuSeconds(this.target.pids) - before;
  }

  residentMiB(): number {
    return residentMiB(this.target.pids);
  }

  peakMiB(): number {
    return peakMiB(this.target.pids);
  }

  resetPeak(): void {
    resetPeak(this.target.pids);
  }

  end(): void {
    for (const client of this.#clients) if (!client.closed) client.abort();
  }
}

export function startParams(
  processId: string,
  argv: readonly string[],
  members: Row = {},
): Record<string, unknown> {
  const env = { PATH: "/usr/bin:/bin" };
  return { processId, argv, cwd: "file:///tmp", env, tty: false, pipeStdin: false, arg0: null, ...members };
}
