import type { BenchClient } from "../bench-client.ts";
import { decodedLength } from "../output-sink.ts";
import { median, quantile, rounded, sum } from "../statistics.ts";
import { type Bench, type Row, startParams, type Workload } from "../workload.ts";
import { repeat } from "./round-trips.ts";

async function resume(bench: Bench): Promise<Row> {
  const connectMs: number[] = [];
  const replayMs: number[] = [];
  let lost = 0;
  for (let i = 0; i < 5; i++) {
    const first = await bench.open();
    const processId = bench.processId();
    let lastSeq = 0;
    first.onOutput = ({ seq }) => {
      lastSeq = seq;
    };
    const script = "head -c 262144 /dev/zero; sleep 0.15; echo while-away; sleep 5";
    await first.call("process/start", startParams(processId, ["bash", "-c", script]));
    await Bun.sleep(80);
    const afterSeq = lastSeq;
    first.abort();
    await Bun.sleep(200);
    const begun = performance.now();
    const second = await bench.open({ resume: first.sessionId });
    connectMs.push(performance.now() - begun);
    const read = await second.call("process/read", { processId, afterSeq, waitMs: 1000 });
    replayMs.push(performance.now() - begun);
    const text = read.chunks.map((item) => Buffer.from(item.chunk, "base64").toString()).join("");
    if (!text.includes("while-away")) lost++;
    await second.call("process/terminate", { processId });
    second.close();
  }
  return {
    initialized_p50_ms: rounded(median(connectMs)),
    first_replayed_p50_ms: rounded(median(replayMs)),
    lost_while_away: lost,
  };
}

/** How much of 8 MiB, printed while nobody is attached, a resumed client can get. */
async function retained(bench: Bench): Promise<Row> {
  const first = await bench.open();
  const processId = bench.processId();
  const script = "sleep 0.2; head -c 8388608 /dev/zero; sleep 3";
  await first.call("process/start", startParams(processId, ["bash", "-c", script]));
  first.abort();
  await Bun.sleep(1200);
  const second = await bench.open({ resume: first.sessionId });
  const pushed: number[] = [];
  second.onOutput = ({ chunk }) => pushed.push(decodedLength(chunk));
  const read = await second.call("process/read", { processId, afterSeq: 0, waitMs: 100 }, 10000);
  await Bun.sleep(500);
  const answered = sum(read.chunks.map((item) => decodedLength(Buffer.from(item.chunk))));
  await second.call("process/terminate", { processId });
  return {
    recovered_MiB_of_8: rounded((answered + sum(pushed)) / 2 ** 20),
    first_seq: read.chunks[0]?.seq ?? -1,
  };
}

async function idleSessions(bench: Bench): Promise<Row> {
  await Bun.sleep(1500);
  const before = bench.residentMiB();
  const begun = performance.now();
  const clients: BenchClient[] = [];
  for (let i = 0; i < 500; i += 25) {
    clients.push(...(await Promise.all(Array.from({ length: 25 }, () => bench.open()))));
  }
  const openMs = performance.now() - begun;
  await Bun.sleep(300);
  const after = bench.residentMiB();
  const [client] = clients;
  if (!client) throw new Error("no session was opened");
  const { latencies } = await repeat(client, {
    method: "environment/status",
    params: {},
    inFlight: 1,
    ms: 300,
  });
  for (const each of clients) each.close();
  return {
    open_500_ms: rounded(openMs),
    KiB_per_session: rounded(((after - before) * 1024) / 500),
    rss_MiB: rounded(after),
    rtt_p50_us: rounded(quantile(latencies, 0.5) * 1000),
  };
}

export const sessionWorkloads: readonly Workload[] = [
  { key: "resume", title: "(i) resume a session", run: resume },
  { key: "retain", title: "(i2) output of a detached session", run: retained },
  { key: "sessions", title: "(g) 500 idle sessions", rounds: 1, run: idleSessions },
];
