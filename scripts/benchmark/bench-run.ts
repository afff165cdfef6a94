import { residentMiB, treeOf } from "../../test/support/process-tree.ts";
import { acknowledgeAtOnce, cpuSeconds } from "./cpu-clock.ts";
import { pidListeningOn } from "./listening-pid.ts";
import { ownProcesses, type ServerProcess, startServer } from "./server-process.ts";
import { rounded } from "./statistics.ts";
import { failure, type Results } from "./table.ts";
import { Bench, type BenchTarget, type Row, type Workload } from "./workload.ts";

export type Contestant = { readonly name: string } & (
  | { readonly command: readonly string[] }
  | { readonly url: string }
);

export interface BenchRun {
  readonly contestants: readonly Contestant[];
  readonly workloads: readonly Workload[];
  readonly rounds: number;
  readonly scale: number;
  readonly startups: number;
  readonly quickAck: boolean;
}

const memoryRow = (pids: readonly number[]): Row => ({
  rss_MiB: rounded(residentMiB(pids)),
  processes: pids.length,
});

/** Runs every workload on every server and collects the rows. Ends the servers that it started. */
export async function runBench(run: BenchRun): Promise<Results> {
  const results: Results = {};
  const put = (workload: string, server: string, row: Row) => {
    results[workload] ??= {};
    results[workload][server] ??= [];
    results[workload][server].push(row);
  };
  const owned: ServerProcess[] = [];
  try {
    const targets: BenchTarget[] = [];
    for (const contestant of run.contestants) {
      const { name } = contestant;
      const server = await serverOf(contestant, owned);
      // Idle is what follows the end of the first session, not the moment of it.
      await Bun.sleep(200);
      put("idle", name, memoryRow(treeOf(server.pid)));
      const command = "command" in contestant ? { command: contestant.command } : {};
      targets.push({ name, url: server.url, pids: await ownProcesses(server), ...command });
    }
    await runWorkloads(run, targets, put);
    await Bun.sleep(2000);
    for (const { name, pids } of targets) put("after", name, memoryRow(pids));
  } finally {
    for (const server of owned) await server.end();
  }
  await measureStartUp(run, put);
  return results;
}

/** Starts the contestant's program, whose end is then ours to bring about, or finds the one that runs already. */
async function serverOf(
  contestant: Contestant,
  owned: ServerProcess[],
): Promise<Pick<ServerProcess, "url" | "pid">> {
  if (!("command" in contestant)) {
    return { url: contestant.url, pid: pidListeningOn(Number(new URL(contestant.url).port)) };
  }
  const server = await startServer(contestant.command);
  owned.push(server);
  return server;
}

type Put = (workload: string, server: string, row: Row) => void;

async function runWorkloads(run: BenchRun, targets: readonly BenchTarget[], put: Put): Promise<void> {
  let turn = 0;
  for (const workload of run.workloads) {
    for (let round = 0; round < (workload.rounds ?? run.rounds); round++, turn++) {
      const inTurn = targets.map((_, i) => targets[(i + turn) % targets.length]);
      const order = workload.alone ? targets.slice(-1) : inTurn;
      for (const target of order) {
        if (!target) continue;
        const begun = performance.now();
        const row = await runOnce(run, workload, target);
        put(workload.key, target.name, row);
        const ms = Math.round(performance.now() - begun);
        console.error(
          `  ${workload.key} #${round + 1} ${target.name} ${ms} ms ${JSON.stringify(row).slice(0, 200)}`,
        );
        await Bun.sleep(150);
      }
    }
  }
}

async function runOnce(run: BenchRun, workload: Workload, target: BenchTarget): Promise<Row> {
  const limitMs = workload.limitMs ?? 20000;
  const beforeRead = run.quickAck || workload.quickAck ? acknowledgeAtOnce : undefined;
  const bench = new Bench(target, { scale: run.scale, limitMs, beforeRead });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`time bound of ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([workload.run(bench), late]);
  } catch (error) {
    return { [failure]: error instanceof Error ? error.message.slice(0, 160) : String(error) };
  } finally {
    clearTimeout(timer);
    bench.end();
  }
}

async function measureStartUp(run: BenchRun, put: Put): Promise<void> {
  for (let i = 0; i < run.startups; i++) {
    for (const contestant of run.contestants) {
      if (!("command" in contestant)) continue;
      const server = await startServer(contestant.command);
      await Bun.sleep(50);
      const pids = treeOf(server.pid);
      put("startup", contestant.name, {
        listening_ms: rounded(server.listeningMs),
        first_session_ms: rounded(server.firstSessionMs),
        rss_MiB: rounded(residentMiB(pids)),
        cpu_ms: rounded(cpuSeconds(pids) * 1000),
      });
      await server.end();
    }
  }
}
