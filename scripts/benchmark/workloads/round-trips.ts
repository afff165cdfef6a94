import type { BenchClient } from "../bench-client.ts";
import { connectSinks, OutputSink } from "../output-sink.ts";
import { microseconds, quantile, rounded } from "../statistics.ts";
import { type Bench, type Row, startParams, type Workload } from "../workload.ts";

interface Loop {
  readonly method: string;
  readonly params: unknown;
  readonly inFlight: number;
  readonly ms: number;
}

export const metadataRequest = { method: "fs/getMetadata", params: { path: "file:///etc/hostname" } };

/** Latencies, ms, of one request made again and again by so many at a time, and the rate of all together. */
export async function repeat(client: BenchClient, { method, params, inFlight, ms }: Loop) {
  const latencies: number[] = [];
  const begun = performance.now();
  const end = begun + ms;
  const worker = async () => {
    while (performance.now() < end) {
      const sent = performance.now();
      await client.call(method, params);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return { latencies, perSecond: latencies.length / ((performance.now() - begun) / 1000) };
}

interface Named {
  readonly name: string;
  readonly method: string;
  readonly params: unknown;
}

/**
 * The quickest of ten short stretches: a single round trip takes about 25 us or about 65 us for minutes, with the
 * cores that the kernel happens to wake, and that says nothing about a server.
 */
async function oneAtATime(bench: Bench, client: BenchClient, { name, method, params }: Named): Promise<Row> {
  const cpu = bench.startCpu();
  const stretches: number[][] = [];
  for (let i = 0; i < 10; i++) {
    const { latencies } = await repeat(client, { method, params, inFlight: 1, ms: 80 * bench.scale });
    stretches.push(latencies);
    await Bun.sleep(20);
  }
  const cpuUs = (cpu() * 1e6) / stretches.flat().length;
  const medians = stretches.map((latencies) => quantile(latencies, 0.5));
  return {
    [`${name}_seq_p50_us`]: rounded(Math.min(...medians) * 1000),
    [`${name}_seq_p99_us`]: rounded(quantile(stretches.flat(), 0.99) * 1000),
    [`${name}_seq_cpu_us`]: rounded(cpuUs),
  };
}

async function roundTrips(bench: Bench): Promise<Row> {
  const client = await bench.open();
  const ended = new OutputSink(bench.processId());
  connectSinks(client, [ended]);
  await client.call("process/start", startParams(ended.processId, ["/usr/bin/true"]));
  await ended.closed;
  const requests = [
    ["status", { method: "environment/status", params: {} }],
    ["meta", metadataRequest],
    ["read", { method: "process/read", params: { processId: ended.processId } }],
  ] as const;
  const row: Row = {};
  for (const [name, request] of requests) {
    await repeat(client, { ...request, inFlight: 1, ms: 100 * bench.scale });
    Object.assign(row, await oneAtATime(bench, client, { name, ...request }));
    const many = await repeat(client, { ...request, inFlight: 64, ms: 700 * bench.scale });
    Object.assign(row, microseconds(`${name}_64_`, many.latencies));
    row[`${name}_64_rps`] = rounded(many.perSecond);
  }
  return row;
}

async function behindLongPoll(bench: Bench): Promise<Row> {
  const client = await bench.open();
  const processId = bench.processId();
  await client.call("process/start", startParams(processId, ["sleep", "0.6"]));
  const begun = performance.now();
  const poll = client.call("process/read", { processId, afterSeq: 0, waitMs: 400 });
  await client.call(metadataRequest.method, metadataRequest.params);
  const metadataMs = performance.now() - begun;
  await poll;
  return {
    meta_behind_poll_ms: rounded(metadataMs),
    poll_ms: rounded(performance.now() - begun),
    blocked: metadataMs > 300,
  };
}

async function longPollWakeUp(bench: Bench): Promise<Row> {
  const client = await bench.open();
  const processId = bench.processId();
  await client.call("process/start", startParams(processId, ["cat"], { pipeStdin: true }));
  const latencies: number[] = [];
  let afterSeq = 0;
  const end = performance.now() + 5000;
  for (let i = 0; i < 300 * bench.scale && performance.now() < end; i++) {
    const begun = performance.now();
    const write = client.call("process/write", { processId, writeId: `w${i}`, chunk: "aGVsbG8K" });
    const poll = client.call("process/read", { processId, afterSeq, waitMs: 2000 });
    await write;
    const read = await poll;
    latencies.push(performance.now() - begun);
    afterSeq = read.nextSeq - 1;
  }
  await client.call("process/terminate", { processId });
  return microseconds("", latencies);
}

async function pipelined(bench: Bench): Promise<Row> {
  const client = await bench.open();
  const begun = performance.now();
  let answered = 0;
  let lastMs = 0;
  const one = async () => {
    await client.call(metadataRequest.method, metadataRequest.params, 4000);
    answered++;
    lastMs = performance.now() - begun;
  };
  await Promise.allSettled(Array.from({ length: 1000 }, one));
  client.abort();
  return { answered_of_1000: answered, last_answer_ms: rounded(lastMs), stuck: answered < 1000 };
}

async function underFlood(bench: Bench): Promise<Row> {
  const client = await bench.open();
  const processId = bench.processId();
  client.onOutput = () => {};
  await client.call("process/start", startParams(processId, ["cat", "/dev/zero"]));
  await Bun.sleep(200);
  const bytesBefore = client.socket.bytesIn;
  const begun = performance.now();
  const status = { method: "environment/status", params: {}, inFlight: 1, ms: 1500 * bench.scale };
  const { latencies } = await repeat(client, status);
  const seconds = (performance.now() - begun) / 1000;
  const rate = (client.socket.bytesIn - bytesBefore) / 1e6 / seconds;
  const closed = new Promise<void>((resolve) => {
    client.onEvent = (method, id) => {
      if (method === "process/closed" && id === processId) resolve();
    };
  });
  const asked = performance.now();
  await client.call("process/terminate", { processId });
  const answeredMs = performance.now() - asked;
  await bench.within(closed, "closed after terminate");
  return {
    p50_us: rounded(quantile(latencies, 0.5) * 1000),
    p99_us: rounded(quantile(latencies, 0.99) * 1000),
    flood_wire_MBps: rounded(rate),
    terminate_resp_ms: rounded(answeredMs),
    terminate_closed_ms: rounded(performance.now() - asked),
  };
}

export const roundTripWorkloads: readonly Workload[] = [
  { key: "rtt", title: "(a) small requests, one and 64 in flight", run: roundTrips },
  { key: "hol", title: "(a2) a request behind a long poll", run: behindLongPoll },
  { key: "wake", title: "(a3) process/write to the answer of a long poll", run: longPollWakeUp },
  { key: "flood_rtt", title: "(c4) requests on a connection that its process floods", run: underFlood },
  { key: "pipeline", title: "(d2) 1,000 fs/getMetadata sent at once", limitMs: 8000, run: pipelined },
];
