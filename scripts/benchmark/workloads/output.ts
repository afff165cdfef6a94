import { readFileSync, rmSync } from "node:fs";
import { dataPath, patternFile } from "../data-files.ts";
import { connectSinks, OutputSink } from "../output-sink.ts";
import { microseconds, rounded } from "../statistics.ts";
import { type Bench, type Row, startParams, type Workload } from "../workload.ts";
import { metadataRequest, repeat } from "./round-trips.ts";

interface Volume {
  readonly argv: readonly string[];
  readonly bytes: number;
  readonly expected?: Buffer;
  readonly tty?: boolean;
  /** The client stops reading for so long after the first MiB. */
  readonly pauseMs?: number;
}

const MiB = 1 << 20;

async function pause(bench: Bench, paused: Promise<void>, ms: number): Promise<Row> {
  await bench.within(paused, "the first MiB");
  const cpu = bench.startCpu();
  await Bun.sleep(ms);
  return { rss_while_paused_MiB: rounded(bench.residentMiB()), cpu_s_while_paused: rounded(cpu()) };
}

async function volume(
  bench: Bench,
  { argv, bytes, expected, tty = false, pauseMs = 0 }: Volume,
): Promise<Row> {
  const client = await bench.open();
  const sink = new OutputSink(bench.processId(), expected);
  connectSinks(client, [sink]);
  const before = bench.residentMiB();
  bench.resetPeak();
  const cpu = bench.startCpu();
  const begun = performance.now();
  const row: Row = {};
  const paused = pauseMs > 0 ? sink.pauseAt(MiB, client) : undefined;
  await client.call("process/start", startParams(sink.processId, argv, { tty }));
  if (paused) {
    Object.assign(row, await pause(bench, paused, pauseMs));
    row["alive_after_pause"] = !client.closed;
    client.socket.resume();
  }
  const lost = new Promise<never>((_, reject) => {
    client.onClose = () => reject(new Error(`disconnected: ${client.closeReason}`));
  });
  await bench.within(Promise.race([sink.closed, lost]), "process/closed");
  client.onClose = undefined;
  const seconds = (sink.closedAt - begun - pauseMs) / 1000;
  return {
    MBps: rounded(sink.bytes / 1e6 / seconds),
    cpu_s_per_GiB: rounded(cpu() / (sink.bytes / 2 ** 30)),
    complete: sink.bytes === bytes,
    seq_missing: sink.missing,
    out_of_order: sink.outOfOrder,
    ...(expected ? { content_mismatch: sink.mismatches } : {}),
    frames: sink.frames,
    avg_chunk: rounded(sink.bytes / Math.max(1, sink.frames)),
    max_chunk: sink.largestChunk,
    first_byte_ms: rounded(sink.firstAt - begun),
    rss_before_MiB: rounded(before),
    rss_peak_MiB: rounded(bench.peakMiB()),
    ...row,
  };
}

function patternVolume(bench: Bench, pauseMs = 0): Promise<Row> {
  const { path, data } = patternFile(256 * MiB);
  return volume(bench, { argv: ["cat", path], bytes: data.length, expected: data, pauseMs });
}

function shortLines(bench: Bench): Promise<Row> {
  const lines = Array.from({ length: 200_000 }, (_, i) => i + 1);
  const expected = Buffer.from(`${lines.join("\n")}\n`);
  return volume(bench, { argv: ["stdbuf", "-oL", "seq", "200000"], bytes: expected.length, expected });
}

/** A client that stops reading: is another one served, and is its child held back? */
async function stalledNeighbour(bench: Bench): Promise<Row> {
  const [stalled, other] = [await bench.open(), await bench.open()];
  const sink = new OutputSink(bench.processId());
  connectSinks(stalled, [sink]);
  bench.resetPeak();
  const progress = dataPath(`progress-${sink.processId}`);
  const paused = sink.pauseAt(MiB, stalled);
  const script = `for i in $(seq 1 256); do head -c 1048576 /dev/zero; echo $i > ${progress}; done`;
  await stalled.call("process/start", startParams(sink.processId, ["bash", "-c", script]));
  await bench.within(paused, "the first MiB");
  await Bun.sleep(1500);
  const { latencies } = await repeat(other, { ...metadataRequest, inFlight: 1, ms: 500 });
  const written = Number(readFileSync(progress, "utf8"));
  const resident = bench.residentMiB();
  stalled.abort();
  rmSync(progress, { force: true });
  return {
    ...microseconds("other_", latencies),
    child_MiB_written: written,
    child_held_back: written < 64,
    rss_MiB: rounded(resident),
  };
}

const zeros = 256 * MiB;
const ptyBytes = 64 * MiB;
const ptyScript = `stty raw; head -c ${ptyBytes} /dev/zero`;

export const outputWorkloads: readonly Workload[] = [
  {
    key: "out_zero",
    title: "(c) 256 MiB of pipe output, zeros",
    run: (bench) => volume(bench, { argv: ["head", "-c", String(zeros), "/dev/zero"], bytes: zeros }),
  },
  {
    key: "out_cat",
    title: "(c) 256 MiB of pipe output, a file, content compared",
    run: (bench) => patternVolume(bench),
  },
  { key: "out_small", title: "(c) 200,000 short lines, content compared", run: shortLines },
  {
    key: "out_slow",
    title: "(c2) 256 MiB, the client stops reading for 2 s",
    run: (bench) => patternVolume(bench, 2000),
  },
  { key: "stall", title: "(c3) another client beside a stalled one", limitMs: 15000, run: stalledNeighbour },
  {
    key: "pty_out",
    title: "(f) 64 MiB of PTY output",
    run: (bench) => volume(bench, { argv: ["bash", "-c", ptyScript], bytes: ptyBytes, tty: true }),
  },
];
