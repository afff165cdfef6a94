import { sleep } from "../../support/wait.ts";
import { fromBase64, type WireClient } from "../../support/wire-client.ts";
import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { chunkBytes, running, runProcess, type StartMembers, sayHi, shell, summary } from "./process-run.ts";

export const outputCases: Case[] = [];
const add = addTo(outputCases);

const zerosAsA = (bytes: number) => shell(`head -c ${bytes} /dev/zero | tr '\\0' a`);
const python = (script: string) => ["/usr/bin/python3", "-c", script];

/** All sizes of output chunks of `p`, once it has closed and every seq below `closed` has come. */
async function chunkSizes(client: WireClient): Promise<number[]> {
  const closed = await client.waitProcessClosed("p", 20000);
  await client.waitFor(() => client.eventsOf("p").length === closed.params.seq, 5000).catch(() => {});
  const outputs = client.eventsOf("p").filter((event) => event.method === "process/output");
  return outputs.map((event) => fromBase64(event.params.chunk).length);
}

async function volume(t: CaseContext, argv: readonly string[], members: StartMembers = {}) {
  const client = await running(t, argv, members);
  const sizes = await chunkSizes(client);
  return { client, total: sizes.reduce((sum, size) => sum + size, 0), largest: Math.max(...sizes) };
}

add("output.5MB_all_notified", async (t) => {
  const { total, largest } = await volume(t, zerosAsA(5000000));
  return { total, maxChunk: largest };
});
add("output.5MB_tty_all_notified", async (t) => {
  const { total, largest } = await volume(t, zerosAsA(2000000), { tty: true });
  return { total, maxChunkAtMost8192: largest <= 8192 };
});
add("output.retention_1MiB", async (t) => {
  const { client } = await volume(t, zerosAsA(3000000));
  const read = await client.request("process/read", { processId: "p", afterSeq: 0 });
  const kept = chunkBytes(read.chunks);
  const part = await client.request("process/read", { processId: "p", afterSeq: 0, maxBytes: 1 });
  const first = read.chunks[0]?.seq ?? 0;
  const behindLast = read.nextSeq - (read.chunks.at(-1)?.seq ?? 0);
  return {
    keptAtMost1MiB: kept <= 1048576,
    keptOver1000000: kept > 1000000,
    oldestDropped: first > 1,
    noGapMarker: read.failure,
    partialReadJumpsTo: part.chunks[0]?.seq === first ? "oldest kept" : "other",
    // The exit may be told before the last output; closed comes last.
    lastChunkIsKept: behindLast === 2 || behindLast === 3,
  };
});
add("output.retention_exactly_1MiB_kept", async (t) => {
  const script = "import os,time\nfor i in range(128):\n  os.write(1,b'a'*8192); time.sleep(0.003)";
  const { client } = await volume(t, python(script));
  const read = await client.request("process/read", { processId: "p", afterSeq: 0 });
  return { bytes: chunkBytes(read.chunks), firstSeq: read.chunks[0]?.seq };
});
add("output.late_from_background_child", (t) =>
  runProcess(t, { ...sayHi(), argv: shell("(sleep 0.4; echo late) & exit 0") }),
);
add("output.interleaved_seqs_cover_both_streams", async (t) => {
  const script = "import os\nfor i in range(300):\n  os.write(1,b'a'*100); os.write(2,b'b'*100)";
  const { client } = await volume(t, python(script));
  const seen = summary(client, "p");
  return {
    stdout: seen.output["stdout"]?.length,
    stderr: seen.output["stderr"]?.length,
    seqsAre1toN: seen.seqsAre1toN,
    closedHasHighestSeq: seen.closedHasHighestSeq,
  };
});
add("output.slow_reader_loses_nothing", async (t) => {
  const client = await t.client();
  client.socket.pause();
  client.sendJson({
    id: 901,
    method: "process/start",
    params: { ...sayHi(), argv: shell("head -c 4000000 /dev/zero") },
  });
  await sleep(700);
  client.socket.resume();
  const sizes = await chunkSizes(client);
  return { bytes: sizes.reduce((sum, size) => sum + size, 0) };
});
