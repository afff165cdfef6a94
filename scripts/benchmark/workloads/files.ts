import { readFileSync, rmSync } from "node:fs";
import { dataPath, patternFile, tenThousandFiles } from "../data-files.ts";
import { milliseconds, quantile, rounded } from "../statistics.ts";
import { type Bench, type Row, startParams, type Workload } from "../workload.ts";

const MiB = 1 << 20;
const uri = (path: string) => `file://${path}`;

function rates(bytes: number, latencies: readonly number[]): Row {
  return { ...milliseconds("", latencies), MBps: rounded(bytes / 1e3 / quantile(latencies, 0.5)) };
}

async function readFile(bench: Bench, bytes: number, count: number): Promise<Row> {
  const { path, data } = patternFile(bytes);
  const client = await bench.open();
  const latencies: number[] = [];
  let wrong = 0;
  bench.resetPeak();
  const cpu = bench.startCpu();
  for (let i = 0; i < count && bench.leftMs > 500; i++) {
    const begun = performance.now();
    const reply = await client.callRaw("fs/readFile", { path: uri(path) }, bench.leftMs);
    latencies.push(reply.at - begun);
    if (i > 0 && bytes < MiB) continue;
    const start = reply.bytes.indexOf('"dataBase64":"') + 14;
    const text = reply.bytes.toString("latin1", start, reply.bytes.indexOf(34, start));
    if (Buffer.compare(Buffer.from(text, "base64"), data) !== 0) wrong++;
  }
  const cpuMs = rounded((cpu() * 1000) / latencies.length);
  return {
    ...rates(bytes, latencies),
    bad: wrong,
    cpu_ms_each: cpuMs,
    rss_peak_MiB: rounded(bench.peakMiB()),
  };
}

async function writeFile(bench: Bench, bytes: number, count: number, fragmentBytes?: number): Promise<Row> {
  const { data } = patternFile(bytes);
  const target = dataPath(`written-${bench.target.name}-${bytes}`);
  const client = await bench.open();
  const head = `"method":"fs/writeFile","params":{"path":${JSON.stringify(uri(target))},"dataBase64":"`;
  const message = Buffer.from(`${head}${data.toString("base64")}"}}`);
  const latencies: number[] = [];
  bench.resetPeak();
  const cpu = bench.startCpu();
  for (let i = 0; i < count && bench.leftMs > 500; i++) {
    const begun = performance.now();
    await client.callPrebuilt(message, bench.leftMs, fragmentBytes);
    latencies.push(performance.now() - begun);
  }
  const ok = Buffer.compare(readFileSync(target), data) === 0;
  rmSync(target);
  const cpuMs = rounded((cpu() * 1000) / latencies.length);
  return { ...rates(bytes, latencies), ok, cpu_ms_each: cpuMs, rss_peak_MiB: rounded(bench.peakMiB()) };
}

async function directories(bench: Bench): Promise<Row> {
  const { deep, flat } = tenThousandFiles();
  const client = await bench.open();
  const times = async (count: number, run: () => Promise<number>) => {
    const latencies: number[] = [];
    let entries = 0;
    for (let i = 0; i < count; i++) {
      const begun = performance.now();
      entries = await run();
      latencies.push(performance.now() - begun);
    }
    return { p50: rounded(quantile(latencies, 0.5)), entries };
  };
  const options = { maxDepth: 8, maxDirectories: 10000, maxEntries: 50000, followDirectorySymlinks: false };
  const read = await times(
    8,
    async () => (await client.call("fs/readDirectory", { path: uri(flat) })).entries.length,
  );
  const walk = await times(
    8,
    async () => (await client.call("fs/walk", { path: uri(deep), options })).entries.length,
  );
  return {
    readDirectory_p50_ms: read.p50,
    readDirectory_entries: read.entries,
    walk_p50_ms: walk.p50,
    walk_entries: walk.entries,
  };
}

async function ptyEcho(bench: Bench): Promise<Row> {
  const client = await bench.open();
  const processId = bench.processId();
  let seen = "";
  let wake = () => {};
  client.onOutput = ({ chunk }) => {
    seen += Buffer.from(chunk.toString(), "base64").toString();
    wake();
  };
  const count = (text: string) => seen.split(text).length - 1;
  const seenTimes = async (text: string, times: number) => {
    while (count(text) < times) {
      const more = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await bench.within(more, "echo");
    }
  };
  const begun = performance.now();
  await client.call("process/start", startParams(processId, ["cat"], { tty: true }));
  const startMs = performance.now() - begun;
  const latencies: number[] = [];
  const end = performance.now() + 5000;
  for (let i = 0; i < 500 * bench.scale && performance.now() < end; i++) {
    const mark = `m${i}x`;
    seen = "";
    const sent = performance.now();
    const chunk = Buffer.from(`${mark}\n`).toString("base64");
    const write = client.call("process/write", { processId, writeId: `w${i}`, chunk });
    await seenTimes(mark, 1);
    latencies.push(performance.now() - sent);
    await write;
    await seenTimes(mark, 2);
  }
  await client.call("process/terminate", { processId });
  return {
    start_resp_ms: rounded(startMs),
    p50_us: rounded(quantile(latencies, 0.5) * 1000),
    p99_us: rounded(quantile(latencies, 0.99) * 1000),
  };
}

export const fileWorkloads: readonly Workload[] = [
  {
    key: "read_1k",
    title: "(e) fs/readFile 1 KiB",
    run: (bench) => readFile(bench, 1024, 2000 * bench.scale),
  },
  { key: "read_1m", title: "(e) fs/readFile 1 MiB", run: (bench) => readFile(bench, MiB, 100 * bench.scale) },
  { key: "read_8m", title: "(e) fs/readFile 8 MiB", run: (bench) => readFile(bench, 8 * MiB, 15) },
  {
    key: "write_1k",
    title: "(e) fs/writeFile 1 KiB",
    run: (bench) => writeFile(bench, 1024, 2000 * bench.scale),
  },
  {
    key: "write_1m",
    title: "(e) fs/writeFile 1 MiB",
    run: (bench) => writeFile(bench, MiB, 100 * bench.scale),
  },
  { key: "write_8m", title: "(e) fs/writeFile 8 MiB", run: (bench) => writeFile(bench, 8 * MiB, 15) },
  {
    key: "write_40m",
    title: "(e) fs/writeFile 40 MiB in 1 MiB fragments",
    run: (bench) => writeFile(bench, 40 * MiB, 4, MiB),
  },
  { key: "dirs", title: "(e) listing and walking 10,000 entries", run: directories },
  { key: "pty", title: "(f) PTY echo", run: ptyEcho },
];
