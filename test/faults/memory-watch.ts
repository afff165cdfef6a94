import { peakMiB, resetPeak, residentMiB } from "../support/process-tree.ts";
import type { TestServer } from "../support/test-server.ts";
import { sleep } from "../support/wait.ts";
import { WireClient } from "../support/wire-client.ts";
import { startParams } from "./child.ts";

/** What a server may take above its idle memory, MiB, however much a child prints that nobody reads. */
export const allowedMiB = 64;

export interface MemoryWatch {
  /** MiB above idle of every process of the server, at the highest since the watch began. */
  growth(): number;
}

/** Takes the memory of a server at rest for idle: one small session and one process have come and gone. */
export async function watchMemory(server: TestServer): Promise<MemoryWatch> {
  const warm = await WireClient.open(server.url);
  await warm.request("process/start", startParams("warm", ["/bin/true"]));
  await warm.waitProcessClosed("warm");
  warm.vanish();
  await sleep(200);
  const idle = residentMiB(server.ownProcesses);
  resetPeak(server.ownProcesses);
  return { growth: () => peakMiB(server.ownProcesses) - idle };
}
