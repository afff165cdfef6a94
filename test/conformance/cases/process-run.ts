import { sleep } from "../../support/wait.ts";
import { fromBase64, type WireClient } from "../../support/wire-client.ts";
import type { WireChunk } from "../../support/wire-message.ts";
import type { CaseContext } from "../case-context.ts";
import { answer } from "./exchange.ts";

/** Members of `process/start` over those of `start`; odd ones on purpose. */
export type StartMembers = Readonly<Record<string, unknown>>;

export function start(processId: string, argv: unknown, members: StartMembers = {}): StartMembers {
  return { processId, argv, cwd: "file:///tmp", env: { PATH: "/usr/bin:/bin" }, tty: false, ...members };
}

export const shell = (script: string): readonly string[] => ["/bin/sh", "-c", script];

/** A start of process `p` that prints a line. */
export const sayHi = (): StartMembers => start("p", shell("echo hi"));

/** Bytes as text where that loses nothing. */
export function printable(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : `base64:${bytes.toString("base64")}`;
}

export function chunkBytes(chunks: readonly WireChunk[]): number {
  return chunks.reduce((sum, item) => sum + fromBase64(item.chunk).length, 0);
}

export function chunkText(chunks: readonly WireChunk[]): string {
  return Buffer.concat(chunks.map((item) => fromBase64(item.chunk))).toString();
}

function outputByStream(client: WireClient, processId: string): Record<string, string> {
  const streams: Record<string, Buffer> = {};
  const outputs = client.eventsOf(processId).filter((event) => event.method === "process/output");
  for (const { params } of outputs.sort((a, b) => a.params.seq - b.params.seq)) {
    streams[params.stream] = Buffer.concat([
      streams[params.stream] ?? Buffer.alloc(0),
      fromBase64(params.chunk),
    ]);
  }
  const names = Object.keys(streams).sort();
  return Object.fromEntries(names.map((name) => [name, printable(streams[name] ?? Buffer.alloc(0))]));
}

/** Everything a process sent, without what the order of arrival and the size of chunks leave open. */
export function summary(client: WireClient, processId: string) {
  const events = client.eventsOf(processId);
  const seqs = events.map((event) => event.params.seq).sort((a, b) => a - b);
  const exits = events.filter((event) => event.method === "process/exited");
  const closes = events.filter((event) => event.method === "process/closed");
  return {
    output: outputByStream(client, processId),
    exited: exits.map(({ params: { processId: _, seq: __, ...rest } }) => rest),
    closed: closes.length,
    closedHasHighestSeq: closes[0] ? closes[0].params.seq === Math.max(...seqs) : null,
    seqsAre1toN: seqs.every((seq, i) => seq === i + 1),
  };
}

/** Starts a process, waits for `closed`, and sums it up. */
export async function runProcess(t: CaseContext, request: StartMembers, waitMs = 8000): Promise<unknown> {
  const client = await t.client();
  const reply = await client.call("process/start", request);
  if (reply.error) return { start: answer(reply) };
  const processId = String(request["processId"]);
  await client.waitProcessClosed(processId, waitMs).catch(() => {});
  await client.waitExited(processId, 500).catch(() => {});
  await sleep(5);
  return { start: answer(reply), ...summary(client, processId) };
}

/** A client on which process `p` runs. */
export async function running(
  t: CaseContext,
  argv: readonly string[],
  members: StartMembers = {},
): Promise<WireClient> {
  const client = await t.client();
  await client.request("process/start", start("p", argv, members));
  return client;
}

export const terminate = (client: WireClient, processId = "p") =>
  client.call("process/terminate", { processId });
