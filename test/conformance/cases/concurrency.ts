import { isAlive, killNow } from "../../support/process-state.ts";
import { until } from "../../support/wait.ts";
import { toBase64, type WireClient } from "../../support/wire-client.ts";
import { addTo, type Case } from "../case.ts";
import { answer } from "./exchange.ts";
import { running, shell, start, terminate } from "./process-run.ts";

export const concurrencyCases: Case[] = [];
const add = addTo(concurrencyCases);

const file = { path: "file:///etc/hostname" };

/** How many of these replies are results, within the time given. */
async function results(replies: readonly Promise<{ readonly result?: unknown }>[]): Promise<number> {
  const settled = await Promise.allSettled(replies);
  return settled.filter((each) => each.status === "fulfilled" && each.value.result !== undefined).length;
}

add("concurrent.two_connections_do_not_wait_for_each_other", async (t) => {
  const [slow, quick] = [await running(t, ["/bin/sleep", "5"]), await t.client()];
  let polling = true;
  const poll = slow.call("process/read", { processId: "p", waitMs: 900 }).then(() => {
    polling = false;
  });
  await quick.call("environment/status");
  const answeredDuringPoll = polling;
  await poll;
  await terminate(slow);
  return { answeredDuringPoll };
});
add("concurrent.100_starts_pipelined", async (t) => {
  const client = await t.client();
  const ids = Array.from({ length: 100 }, (_, i) => `p${i}`);
  const started = await results(ids.map((id) => client.call("process/start", start(id, ["/bin/true"]))));
  const closed = () => client.notifications.filter((event) => event.method === "process/closed").length;
  await client.waitFor(() => closed() === 100, 10000).catch(() => {});
  return { started, closed: closed() };
});
for (const count of [100, 500]) {
  add(`concurrent.${count}_get_metadata_pipelined`, async (t) => {
    const client = await t.client();
    const calls = Array.from({ length: count }, () =>
      client.call("fs/getMetadata", file, { timeoutMs: 10000 }),
    );
    return { answered: await results(calls) };
  });
}
add("concurrent.writes_of_files_take_effect_in_order", async (t) => {
  const client = await t.client();
  const write = (text: string) =>
    client.call("fs/writeFile", { path: t.uri("f"), dataBase64: toBase64(text) });
  const read = () => client.call("fs/readFile", { path: t.uri("f") });
  const replies = await Promise.all([write("one"), read(), write("two"), read(), write("three"), read()]);
  return replies.map(answer);
});
add("concurrent.create_write_remove_pipelined", async (t) => {
  const client = await t.client();
  const path = t.uri("dir/f");
  const replies = await Promise.all([
    client.call("fs/createDirectory", { path: t.uri("dir") }),
    client.call("fs/writeFile", { path, dataBase64: "eA==" }),
    client.call("fs/getMetadata", { path }),
    client.call("fs/remove", { path: t.uri("dir") }),
    client.call("fs/getMetadata", { path }),
  ]);
  return replies.map(answer);
});
add("concurrent.start_then_write_pipelined", async (t) => {
  const client = await t.client();
  const write = (text: string) =>
    client.call("process/write", { processId: "p", chunk: toBase64(text), writeId: text });
  const started = client.call("process/start", start("p", ["/bin/cat"], { pipeStdin: true }));
  const writes = ["a", "b", "c"].map(write);
  const replies = (await Promise.all([started, ...writes])).map(answer);
  await client.waitFor(() => client.outputOf("p") === "abc", 3000).catch(() => {});
  const out = client.outputOf("p");
  await terminate(client);
  return { replies, out };
});

async function abandonWhileStarting(client: WireClient): Promise<void> {
  client.sendJson({ id: 1, method: "process/start", params: start("late", shell("echo $$; exec sleep 40")) });
  await client.waitFor(() => client.outputOf("late").includes("\n"));
}
add("concurrent.two_sessions_same_process_id", async (t) => {
  const [a, b] = [await t.client(), await t.client()];
  await Promise.all([abandonWhileStarting(a), abandonWhileStarting(b)]);
  const pids = [a.outputOf("late").trim(), b.outputOf("late").trim()];
  await terminate(a, "late");
  const firstGone = await until(() => !isAlive(pids[0] ?? ""), 2000);
  const secondAlive = isAlive(pids[1] ?? "");
  await terminate(b, "late");
  for (const pid of pids) killNow(pid);
  return { distinct: pids[0] !== pids[1], firstGone, secondAlive };
});
