import { WireClient } from "../support/wire-client.ts";
import type { WireNotification } from "../support/wire-message.ts";
import { startParams } from "./child.ts";

/** Starts a process on a link and resolves once it has printed `until` lines; returns them. */
export async function startAndRead(
  client: WireClient,
  processId: string,
  argv: readonly string[],
  {
    until = 1,
    members = {},
  }: { readonly until?: number; readonly members?: Readonly<Record<string, unknown>> } = {},
): Promise<string[]> {
  await client.request("process/start", startParams(processId, argv, members));
  const lines = () => client.outputOf(processId).split(/\r?\n/).slice(0, -1);
  await client.waitFor(() => lines().length >= until);
  return lines();
}

/** Counts what comes on a link without keeping it. */
export class OutputCounter {
  bytes = 0;
  frames = 0;
  readonly exits = new Map<string, number>();
  readonly closed = new Set<string>();
  readonly #hasher: Bun.CryptoHasher | undefined;

  constructor(hash = false) {
    this.#hasher = hash ? new Bun.CryptoHasher("sha256") : undefined;
  }

  readonly take = ({ method, params }: WireNotification): void => {
    if (method === "process/output") {
      const bytes = Buffer.from(params.chunk, "base64");
      this.bytes += bytes.length;
      this.frames++;
      this.#hasher?.update(bytes);
    }
    if (method === "process/exited") this.exits.set(params.processId, params.exitCode);
    if (method === "process/closed") this.closed.add(params.processId);
  };

  digest(): string {
    return this.#hasher?.digest("hex") ?? "";
  }
}

export async function countingClient(url: string, counter: OutputCounter): Promise<WireClient> {
  return WireClient.open(url, { onNotification: counter.take, timeoutMs: 60_000 });
}
