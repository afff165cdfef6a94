import { isAlive, killNow } from "../../support/process-state.ts";
import { sleep, until } from "../../support/wait.ts";
import { toBase64, type WireClient } from "../../support/wire-client.ts";
import type { WireMessage } from "../../support/wire-message.ts";
import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { answer, ask } from "./exchange.ts";
import { chunkBytes, chunkText, running, shell, start, summary, terminate } from "./process-run.ts";

export const resumeCases: Case[] = [];
const add = addTo(resumeCases);

interface Resumed {
  readonly client: WireClient;
  readonly reply: WireMessage;
}

/** Resumes as a client must: again and again while the server has not noticed the drop yet. */
async function resume(t: CaseContext, sessionId: string): Promise<Resumed> {
  for (let attempt = 0; ; attempt++) {
    const client = await t.client({ init: false });
    const reply = await client.call("initialize", { clientName: "r", resumeSessionId: sessionId });
    if (!reply.error) client.notify("initialized", {});
    if (reply.error?.code !== -32010 || attempt === 100) return { client, reply };
    client.vanish();
    await sleep(30);
  }
}

async function firstLine(client: WireClient, processId: string): Promise<string> {
  await client.waitFor(() => client.outputOf(processId).includes("\n"));
  return client.outputOf(processId).trim();
}

add("resume.while_attached", async (t) => {
  const first = await t.client();
  const second = await t.client({ init: false });
  const reply = await ask(second, "initialize", { clientName: "b", resumeSessionId: first.sessionId });
  const fresh = await second.call("initialize", { clientName: "b" });
  return {
    r: reply,
    freshInitAfterwardsOk: !fresh.error,
    freshIsOtherSession: fresh.result?.sessionId !== first.sessionId,
    firstStillWorks: await ask(first, "environment/status"),
  };
});
add("resume.same_connection_own_session", async (t) => {
  const client = await t.client();
  return ask(client, "initialize", { clientName: "b", resumeSessionId: client.sessionId });
});
add("resume.after_abrupt_drop", async (t) => {
  const first = await t.client();
  first.vanish();
  const { reply } = await resume(t, first.sessionId);
  return {
    same: reply.result?.sessionId === first.sessionId,
    keys: Object.keys(reply.result ?? {}),
    error: reply.error,
  };
});
add("resume.after_close_handshake", async (t) => {
  const first = await t.client();
  await first.close();
  const { reply } = await resume(t, first.sessionId);
  return { same: reply.result?.sessionId === first.sessionId, error: reply.error };
});
add("resume.needs_initialized_again", async (t) => {
  const first = await t.client();
  first.vanish();
  await sleep(150);
  const second = await t.client({ init: false });
  const reply = await second.call("initialize", { clientName: "x", resumeSessionId: first.sessionId });
  return { init: !reply.error, status: await ask(second, "environment/status") };
});
add("resume.twice", async (t) => {
  const first = await t.client();
  first.vanish();
  const second = await resume(t, first.sessionId);
  second.client.vanish();
  const third = await resume(t, first.sessionId);
  return { second: !third.reply.error, same: third.reply.result?.sessionId === first.sessionId };
});
add("resume.running_process_continues", async (t) => {
  const first = await running(
    t,
    shell("i=0; while [ $i -lt 10 ]; do echo t$i; i=$((i+1)); sleep 0.08; done"),
  );
  await first.waitFor(() => first.outputOf("p").includes("t1"));
  first.vanish();
  await sleep(200);
  const { client } = await resume(t, first.sessionId);
  const live = await client.waitProcessClosed("p", 5000).then(
    () => true,
    () => false,
  );
  const read = await client.request("process/read", { processId: "p", afterSeq: 0 });
  const seen = summary(client, "p");
  return {
    live,
    all: chunkText(read.chunks),
    exitCode: read.exitCode,
    missedEventsNotReplayed: !seen.seqsAre1toN,
    exited: seen.exited,
    closed: seen.closed,
  };
});
add("resume.exit_while_detached_not_renotified", async (t) => {
  const first = await running(t, shell("sleep 0.3; echo out; exit 3"));
  first.vanish();
  await sleep(700);
  const { client } = await resume(t, first.sessionId);
  await sleep(150);
  return {
    notifications: client.notifications.length,
    read: await client.request("process/read", { processId: "p", afterSeq: 0 }),
  };
});
add("resume.write_id_remembered", async (t) => {
  const first = await running(t, ["/bin/cat"], { pipeStdin: true });
  const write = (client: WireClient, text: string, writeId: string) =>
    client.request("process/write", { processId: "p", chunk: toBase64(text), writeId });
  await write(first, "one\n", "w1");
  await first.waitFor(() => first.outputOf("p") === "one\n");
  first.vanish();
  const { client } = await resume(t, first.sessionId);
  const again = await write(client, "one\n", "w1");
  await write(client, "two\n", "w2");
  await client.waitFor(() => client.outputOf("p").includes("two\n"), 3000).catch(() => {});
  const read = await client.request("process/read", { processId: "p" });
  await terminate(client);
  return { again, text: chunkText(read.chunks) };
});
add("resume.process_id_still_taken", async (t) => {
  const first = await running(t, ["/bin/sleep", "5"]);
  first.vanish();
  const { client } = await resume(t, first.sessionId);
  const reply = await client.call("process/start", start("p", ["/bin/true"]));
  await terminate(client);
  return answer(reply);
});
add("resume.file_handles_are_gone", async (t) => {
  const first = await t.client();
  await first.request("fs/open", { handleId: "h", path: "file:///etc/hostname" });
  first.vanish();
  const { client } = await resume(t, first.sessionId);
  return ask(client, "fs/readBlock", { handleId: "h", offset: 0, len: 1 });
});
add("resume.drop_during_long_poll", async (t) => {
  const first = await running(t, ["/bin/sleep", "20"]);
  first.call("process/read", { processId: "p", waitMs: 15000 }).catch(() => {});
  await sleep(80);
  first.vanish();
  const begun = performance.now();
  const { client, reply } = await resume(t, first.sessionId);
  const tookMs = performance.now() - begun;
  await terminate(client);
  return { ok: !reply.error, under2s: tookMs < 2000 };
});
add("resume.detached_output_beyond_1MiB_is_lost", async (t) => {
  const first = await running(t, shell("sleep 0.3; head -c 3000000 /dev/zero | tr '\\0' b; sleep 10"));
  first.vanish();
  await sleep(1200);
  const { client } = await resume(t, first.sessionId);
  const read = await client.request("process/read", { processId: "p", afterSeq: 0 });
  await terminate(client);
  const bytes = chunkBytes(read.chunks);
  return {
    firstSeqIs1: read.chunks[0]?.seq === 1,
    bytesAtMost1MiB: bytes <= 1048576,
    bytesOver1000000: bytes > 1000000,
    failure: read.failure,
    exited: read.exited,
  };
});
add("session.process_survives_disconnect_for_a_while", async (t) => {
  const first = await running(t, shell("echo $$; exec sleep 30"));
  const pid = await firstLine(first, "p");
  first.vanish();
  await sleep(1500);
  const alive = isAlive(pid);
  const { client } = await resume(t, first.sessionId);
  await terminate(client);
  return { aliveAfter1500ms: alive, deadAfterTerminate: await until(() => !isAlive(pid), 2000) };
});
add(
  "session.detached_ttl_80s",
  async (t) => {
    const first = await running(t, shell("echo $$; exec sleep 300"));
    const pid = await firstLine(first, "p");
    await first.request("process/start", start("held", shell("sleep 301 & echo $!; exit 0")));
    const backgroundPid = await firstLine(first, "held");
    first.vanish();
    const begun = performance.now();
    const died = await until(() => !isAlive(pid), 110000);
    const seconds = (performance.now() - begun) / 1000;
    await sleep(500);
    const backgroundAlive = isAlive(backgroundPid);
    killNow(backgroundPid);
    const late = await t.client({ init: false });
    return {
      died,
      secondsWithin3Of80: Math.abs(seconds - 80) < 3,
      backgroundGrandchildOfExitedProcessAlive: backgroundAlive,
      resumeAfter: await ask(late, "initialize", { clientName: "x", resumeSessionId: first.sessionId }),
    };
  },
  { slow: true, timeoutMs: 130000 },
);
add(
  "session.retention_80s_after_closed",
  async (t) => {
    const client = await running(t, ["/bin/true"]);
    await client.waitProcessClosed("p");
    const begun = performance.now();
    let reply = await client.call("process/read", { processId: "p" });
    while (!reply.error && performance.now() - begun < 110000) {
      await sleep(200);
      reply = await client.call("process/read", { processId: "p" });
    }
    const seconds = (performance.now() - begun) / 1000;
    const reuse = await client.call("process/start", start("p", ["/bin/true"]));
    return { error: reply.error, secondsWithin3Of80: Math.abs(seconds - 80) < 3, idReusable: !reuse.error };
  },
  { slow: true, timeoutMs: 130000 },
);
