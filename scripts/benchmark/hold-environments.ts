/**
 * `bun hold-environments.ts URL PID…`: connects 100 environments to a server, closes them, does so again and again, and
 * prints what memory that took here and in the server's processes, as one row.
 */
import { heapStats } from "bun:jsc";
import { EnvironmentManager } from "../../core/environment/environment-manager.ts";
import { residentMiB } from "../../test/support/process-tree.ts";
import { libraryOptions, manyEnvironments, urlTransport } from "./measured-environments.ts";
import { rounded } from "./statistics.ts";
import type { Row } from "./workload.ts";

const count = 100;
/** Reconnects of all of them before memory is looked at for growth, and while it is. */
const settling = 5;
const repeated = 10;

const [url = "", ...pids] = Bun.argv.slice(2);
const server = pids.map(Number);

/** Connected: each has been asked something. */
async function connect(howMany: number): Promise<EnvironmentManager> {
  const snapshot = manyEnvironments(howMany, urlTransport(url));
  const environments = new EnvironmentManager(snapshot, libraryOptions);
  await Promise.all(environments.list().map((environment) => environment.files.canonicalize("/")));
  return environments;
}

async function reconnect(times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const environments = await connect(count);
    await environments.close();
  }
}

interface Memory {
  readonly client: number;
  readonly server: number;
  readonly objects: number;
}

/** MiB, and objects that live, `quietMs` from now. */
async function memory(quietMs: number): Promise<Memory> {
  for (let i = 0; i < 3; i++) {
    Bun.gc(true);
    await Bun.sleep(quietMs / 3);
  }
  return {
    client: residentMiB([process.pid]),
    server: residentMiB(server),
    objects: heapStats().objectCount,
  };
}

/** A connection that is closed is kept for a second, for the other side's last words. */
const closingMs = 1_500;
const restMs = 450;

async function measure(): Promise<Row> {
  const one = await connect(1);
  const before = await memory(restMs);
  const all = await connect(count);
  const connected = await memory(restMs);
  await all.close();
  await one.close();
  await reconnect(settling);
  const settled = await memory(closingMs);
  await reconnect(repeated);
  const after = await memory(closingMs);
  return {
    client_KiB_each: rounded(((connected.client - before.client) * 1024) / count),
    server_KiB_each: rounded(((connected.server - before.server) * 1024) / count),
    grown_MiB: rounded(after.client - settled.client),
    server_grown_MiB: rounded(after.server - settled.server),
    objects_kept_per_reconnect: rounded((after.objects - settled.objects) / (repeated * count)),
    client_MiB: rounded(after.client),
  };
}

console.log(JSON.stringify(await measure()));
process.exit(0);
