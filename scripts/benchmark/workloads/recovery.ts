import { EnvironmentManager } from "../../../core/environment/environment-manager.ts";
import type { Environment } from "../../../core/environment/library.ts";
import { CuttingProxy } from "../../../test/support/cutting-proxy.ts";
import { libraryOptions, oneEnvironment, urlTransport } from "../measured-environments.ts";
import { quantile, rounded, sum } from "../statistics.ts";
import type { Bench, Row, Workload } from "../workload.ts";

const replayedBytes = 512 * 1024;

/** From a cut of the TCP connection to the answer to a request that is made at that moment, ms. */
async function timeToAnswer(box: Environment, proxy: CuttingProxy): Promise<number> {
  await box.files.canonicalize("/");
  const begun = performance.now();
  proxy.cutAll();
  await box.files.canonicalize("/");
  return performance.now() - begun;
}

interface Replay {
  readonly ms: number;
  readonly bytes: number;
}

/** A command that prints a batch for every line; each batch is cut at its first piece. */
class CutBatches {
  readonly #box: Environment;
  readonly #proxy: CuttingProxy;
  #received = 0;
  #cutAt = 0;
  #whole = Promise.withResolvers<void>();
  #line: () => Promise<void> = async () => {};
  end: () => Promise<unknown> = async () => {};

  private constructor(box: Environment, proxy: CuttingProxy) {
    this.#box = box;
    this.#proxy = proxy;
  }

  static async start(box: Environment, proxy: CuttingProxy): Promise<CutBatches> {
    const batches = new CutBatches(box, proxy);
    const started = await box.processes.start(
      {
        argv: ["/bin/sh", "-c", `while read -r line; do head -c ${replayedBytes} /dev/zero; done`],
        cwd: "file:///tmp",
        env: { PATH: "/usr/bin:/bin" },
        inherit: "none",
        stdio: { kind: "pipes", stdin: true },
      },
      (event) => {
        if (event.kind === "output") batches.#took(event.bytes.length);
        return undefined;
      },
    );
    batches.#line = () => started.stdin.write(new TextEncoder().encode("more\n"));
    batches.end = () => started.terminate();
    return batches;
  }

  /** From the cut until the batch is whole and a request is answered. */
  async next(): Promise<Replay> {
    this.#received = 0;
    this.#whole = Promise.withResolvers();
    await this.#line();
    await this.#whole.promise;
    await this.#box.files.canonicalize("/");
    return { ms: performance.now() - this.#cutAt, bytes: this.#received };
  }

  #took(bytes: number): void {
    // What is on its way behind the first piece is lost with the connection.
    if (this.#received === 0) {
      this.#cutAt = performance.now();
      this.#proxy.cutAll();
    }
    this.#received += bytes;
    if (this.#received >= replayedBytes) this.#whole.resolve();
  }
}

async function recovery(bench: Bench): Promise<Row> {
  const { hostname: host, port } = new URL(bench.target.url);
  using proxy = new CuttingProxy({ host, port: Number(port) });
  await using environments = new EnvironmentManager(oneEnvironment(urlTransport(proxy.url)), libraryOptions);
  const { default: box } = environments;
  const cuts = 20 * bench.scale;
  const answered: number[] = [];
  for (let i = 0; i < cuts; i++) answered.push(await timeToAnswer(box, proxy));
  const batches = await CutBatches.start(box, proxy);
  const replays: Replay[] = [];
  for (let i = 0; i < cuts; i++) replays.push(await bench.within(batches.next(), "replayed"));
  await batches.end();
  const times = replays.map(({ ms }) => ms);
  return {
    answered_p50_ms: rounded(quantile(answered, 0.5)),
    replayed_p50_ms: rounded(quantile(times, 0.5)),
    replayed_p99_ms: rounded(quantile(times, 0.99)),
    bytes_twice: sum(replays.map(({ bytes }) => bytes - replayedBytes)),
  };
}

export const recoveryWorkload: Workload = {
  key: "recovery",
  title: "(k) a request, and 512 KiB of output, across a cut of the link",
  run: recovery,
};
