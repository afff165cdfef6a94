import { connectSinks, OutputSink } from "../output-sink.ts";
import { milliseconds, quantile, rounded, sum } from "../statistics.ts";
import { type Bench, type Row, startParams, type Workload } from "../workload.ts";

interface StartLoop {
  readonly inFlight: number;
  readonly ms: number;
  readonly argv: readonly string[];
}

/** Starts again and again, so many at a time: start to closed and start to its reply, ms. */
async function startLoop(bench: Bench, { inFlight, ms, argv }: StartLoop) {
  const client = await bench.open();
  const waiting = new Map<string, () => void>();
  client.onOutput = () => {};
  client.onEvent = (method, processId) => {
    if (method === "process/closed") waiting.get(processId)?.();
  };
  const closedMs: number[] = [];
  const replyMs: number[] = [];
  const cpu = bench.startCpu();
  const begun = performance.now();
  const worker = async () => {
    while (performance.now() < begun + ms) {
      const processId = bench.processId();
      const sent = performance.now();
      const closed = new Promise<void>((resolve) => waiting.set(processId, resolve));
      await client.call("process/start", startParams(processId, argv));
      replyMs.push(performance.now() - sent);
      await closed;
      waiting.delete(processId);
      closedMs.push(performance.now() - sent);
    }
  };
  await bench.within(Promise.all(Array.from({ length: inFlight }, worker)), "start loop");
  const seconds = (performance.now() - begun) / 1000;
  const cpuMs = (cpu() * 1000) / closedMs.length;
  client.close();
  return { closedMs, replyMs, perSecond: closedMs.length / seconds, cpuMs };
}

async function starts(bench: Bench): Promise<Row> {
  const row: Row = {};
  const argv = ["/usr/bin/true"];
  for (const inFlight of [1, 8, 32]) {
    await startLoop(bench, { inFlight, ms: 150 * bench.scale, argv });
    const loop = await startLoop(bench, { inFlight, ms: 1500 * bench.scale, argv });
    Object.assign(row, milliseconds(`c${inFlight}_`, loop.closedMs));
    row[`c${inFlight}_start_resp_p50_ms`] = rounded(quantile(loop.replyMs, 0.5));
    row[`c${inFlight}_per_s`] = rounded(loop.perSecond);
    row[`c${inFlight}_cpu_ms`] = rounded(loop.cpuMs);
  }
  const echo = ["/usr/bin/bash", "-c", "echo hi"];
  const { closedMs } = await startLoop(bench, { inFlight: 1, ms: 1000 * bench.scale, argv: echo });
  return { ...row, ...milliseconds("bash_echo_", closedMs) };
}

async function oneAfterAnother(bench: Bench): Promise<Row> {
  const { closedMs } = await startLoop(bench, {
    inFlight: 1,
    ms: 1500 * bench.scale,
    argv: ["/usr/bin/true"],
  });
  return milliseconds("c1_", closedMs);
}

async function manyProcesses(bench: Bench, atOnce: number): Promise<Row> {
  const client = await bench.open();
  const sinks = Array.from({ length: 200 }, () => new OutputSink(bench.processId()));
  connectSinks(client, sinks);
  bench.resetPeak();
  const cpu = bench.startCpu();
  const begun = performance.now();
  const waiting = [...sinks];
  let failed = 0;
  const worker = async () => {
    for (let sink = waiting.pop(); sink; sink = waiting.pop()) {
      try {
        const argv = ["head", "-c", "1048576", "/dev/zero"];
        await client.call("process/start", startParams(sink.processId, argv), 20000);
        await sink.closed;
      } catch {
        failed++;
      }
    }
  };
  const all = Promise.all(Array.from({ length: atOnce }, worker));
  await bench.within(all, "all closed").catch(() => {
    failed = -1;
  });
  const ms = performance.now() - begun;
  return {
    total_ms: rounded(ms),
    complete: sinks.every((sink) => sink.bytes === 1 << 20),
    finished: sinks.filter((sink) => sink.closedAt > 0).length,
    seq_missing: sum(sinks.map((sink) => sink.missing)),
    out_of_order: sum(sinks.map((sink) => sink.outOfOrder)),
    failed,
    MBps: rounded(sum(sinks.map((sink) => sink.bytes)) / 1e3 / ms),
    cpu_s: rounded(cpu()),
    rss_peak_MiB: rounded(bench.peakMiB()),
  };
}

export const startWorkloads: readonly Workload[] = [
  { key: "spawn", title: "(b) process start to closed, `true`", run: starts },
  {
    key: "spawn_quickack",
    title: "(b) the same, a client that acknowledges at once",
    quickAck: true,
    run: oneAfterAnother,
  },
  {
    key: "many",
    title: "(d) 200 processes of 1 MiB, all starts pipelined",
    limitMs: 8000,
    run: (bench) => manyProcesses(bench, 200),
  },
  {
    key: "many_50",
    title: "(d) 200 processes of 1 MiB, 50 at a time",
    run: (bench) => manyProcesses(bench, 50),
  },
];
