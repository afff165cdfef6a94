import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { BenchClient } from "../bench-client.ts";
import { milliseconds, quantile, rounded } from "../statistics.ts";
import { type Bench, type Row, startParams, type Workload } from "../workload.ts";

type Json = Readonly<Record<string, unknown>>;

const special = (kind: string, access: string): Json => ({
  path: { type: "special", value: { kind } },
  access,
});

/** A managed profile over one directory. */
function profile(directory: string, entries: readonly Json[]): Json {
  return {
    permissions: {
      type: "managed",
      file_system: { type: "restricted", entries },
      network: "restricted",
    },
    cwd: `file://${directory}`,
    workspaceRoots: [`file://${directory}`],
    windowsSandboxLevel: "disabled",
  };
}

const readWorkspace = (directory: string) =>
  profile(directory, [special("minimal", "read"), special("project_roots", "read")]);
const writeWorkspace = (directory: string) =>
  profile(directory, [special("root", "read"), special("project_roots", "write")]);

/** Not in /tmp: a place that only its own profile opens. */
async function inDirectory(act: (directory: string) => Promise<Row>): Promise<Row> {
  const directory = mkdtempSync("/var/tmp/codex-env-bench-");
  chmodSync(directory, 0o755);
  writeFileSync(`${directory}/ten.txt`, "0123456789");
  try {
    return await act(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

const reading = (client: BenchClient, directory: string) => () =>
  client.call("fs/readFile", { path: `file://${directory}/ten.txt`, sandbox: readWorkspace(directory) });

/** One request after another over one connection. */
const warm = (bench: Bench): Promise<Row> =>
  inDirectory(async (directory) => {
    const client = await bench.open();
    const read = reading(client, directory);
    for (let i = 0; i < 5; i++) await read();
    const latencies: number[] = [];
    const end = performance.now() + 2000 * bench.scale;
    while (performance.now() < end) latencies.push(await timed(read));
    return milliseconds("", latencies);
  });

/** The first request of a connection: nothing of its sandbox is there yet. */
const cold = (bench: Bench): Promise<Row> =>
  inDirectory(async (directory) => {
    const latencies: number[] = [];
    for (let i = 0; i < 25 * bench.scale; i++) {
      const client = await bench.open();
      latencies.push(await timed(reading(client, directory)));
      client.close();
    }
    return milliseconds("", latencies);
  });

const starts = (bench: Bench): Promise<Row> =>
  inDirectory(async (directory) => {
    const client = await bench.open();
    const latencies: number[] = [];
    const replies: number[] = [];
    for (let i = 0; i < 50 * bench.scale; i++) {
      const processId = bench.processId();
      const closed = new Promise<void>((resolve) => {
        client.onEvent = (method, id) => {
          if (method === "process/closed" && id === processId) resolve();
        };
      });
      const params = startParams(processId, ["/usr/bin/true"]);
      const begun = performance.now();
      await client.call("process/start", {
        ...params,
        cwd: `file://${directory}`,
        sandbox: writeWorkspace(directory),
      });
      replies.push(performance.now() - begun);
      await bench.within(closed, "closed");
      latencies.push(performance.now() - begun);
    }
    return { ...milliseconds("", latencies), start_resp_p50_ms: rounded(quantile(replies, 0.5)) };
  });

export const sandboxedWorkloads: readonly Workload[] = [
  { key: "sandboxed_read", title: "(i) sandboxed 10-byte read, one after another", run: warm },
  { key: "sandboxed_read_cold", title: "(i) the same, first request of a connection", run: cold },
  { key: "sandboxed_spawn", title: "(i) sandboxed `true`, start to closed", run: starts },
];
