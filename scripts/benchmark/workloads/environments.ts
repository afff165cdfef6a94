import { EnvironmentManager } from "../../../core/environment/environment-manager.ts";
import { libraryOptions, oneEnvironment } from "../measured-environments.ts";
import { startServer } from "../server-process.ts";
import { milliseconds } from "../statistics.ts";
import type { Bench, Row, Workload } from "../workload.ts";

function commandOf({ target }: Bench): readonly string[] {
  if (target.command === undefined) throw new Error("what starts the server is not known");
  return target.command;
}

/** From asking for an environment that nobody has used, whose program is yet to be started, to the answer. */
async function coldStdio(bench: Bench): Promise<Row> {
  const [program = "", ...args] = commandOf(bench);
  const argv = [program, ...args, "--listen", "stdio"] as const;
  const latencies: number[] = [];
  for (let i = 0; i < 10 * bench.scale; i++) {
    const transport = { kind: "command", argv, env: new Map() } as const;
    await using environments = new EnvironmentManager(oneEnvironment(transport), libraryOptions);
    const begun = performance.now();
    await environments.default.files.canonicalize("/");
    latencies.push(performance.now() - begun);
  }
  return milliseconds("", latencies);
}

/** On a server of their own, held by a process of their own: its memory is theirs. */
async function hundredConnected(bench: Bench): Promise<Row> {
  const server = await startServer(commandOf(bench));
  const program = import.meta.resolve("../hold-environments.ts").replace("file://", "");
  try {
    const held = Bun.spawn([process.execPath, program, server.url, String(server.pid)], {
      stdin: "ignore",
      stdout: "pipe",
      stderr: "inherit",
      timeout: bench.timeoutMs,
    });
    const printed = await held.stdout.text();
    if ((await held.exited) !== 0) throw new Error("the process that held them failed");
    return readRow(printed);
  } finally {
    await server.end();
  }
}

function readRow(text: string): Row {
  const numbers = Object.entries(JSON.parse(text)).map(([name, value]) => [name, Number(value)]);
  return Object.fromEntries(numbers);
}

export const environmentWorkloads: readonly Workload[] = [
  { key: "cold_stdio", title: "(k) first request on a cold stdio environment", run: coldStdio },
  {
    key: "environments",
    title: "(k) 100 connected environments",
    rounds: 1,
    limitMs: 30_000,
    run: hundredConnected,
  },
];
