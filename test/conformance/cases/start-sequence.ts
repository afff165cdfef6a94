import { mkdirSync, writeFileSync } from "node:fs";
import { addTo, type Case } from "../case.ts";
import { ask, askOnce } from "./exchange.ts";
import { running, runProcess, sayHi, shell, start, summary, terminate } from "./process-run.ts";

export const startSequenceCases: Case[] = [];
const add = addTo(startSequenceCases);

// The reference may deliver the first output before the reply, so only arrival is compared.
add("start.order.response_and_events_both_arrive", async (t) => {
  const client = await t.client();
  let ok = 0;
  for (let i = 0; i < 40; i++) {
    const id = `o${i}`;
    const reply = await client.call("process/start", start(id, ["/bin/echo", "x"]));
    await client.waitProcessClosed(id, 5000);
    await client.waitExited(id, 5000);
    await client.waitFor(() => client.outputOf(id) === "x\n", 5000).catch(() => {});
    if (reply.result && client.outputOf(id) === "x\n") ok++;
  }
  return { ok };
});
// Nor does it promise an order on the wire between stdout, stderr and the exit: only by seq.
add("start.order.by_seq_exited_and_closed", async (t) => {
  const client = await t.client();
  let closedNotHighest = 0;
  let gaps = 0;
  let dup = 0;
  for (let i = 0; i < 40; i++) {
    const id = `o${i}`;
    await client.call("process/start", start(id, shell("echo a; echo b >&2")));
    await client.waitFor(() => client.eventsOf(id).length >= 4, 5000).catch(() => {});
    const seen = summary(client, id);
    if (!seen.closedHasHighestSeq) closedNotHighest++;
    if (!seen.seqsAre1toN) gaps++;
    if (seen.closed !== 1 || seen.exited.length !== 1) dup++;
  }
  return { closedNotHighest, gaps, dup };
});
add("start.notification_shapes", async (t) => {
  const client = await running(t, shell("echo hi; sleep 0.1"));
  await client.waitProcessClosed("p");
  return client.eventsOf("p").map(({ method, params }) => ({ method, params }));
});
add("start.duplicate.running", async (t) => {
  const client = await running(t, ["/bin/sleep", "3"]);
  const reply = await ask(client, "process/start", start("p", ["/bin/true"]));
  await terminate(client);
  return reply;
});
add("start.duplicate.exited", async (t) => {
  const client = await running(t, ["/bin/true"]);
  await client.waitProcessClosed("p");
  return ask(client, "process/start", start("p", ["/bin/true"]));
});
add("start.duplicate.after_failed_start", async (t) => {
  const client = await t.client();
  const a = await ask(client, "process/start", start("p", ["/no/such"]));
  return { a, b: await ask(client, "process/start", start("p", ["/bin/true"])) };
});
add("start.duplicate.bad_argv_reported_first", async (t) =>
  ask(await running(t, ["/bin/true"]), "process/start", start("p", [])),
);
add("start.failed_start_is_unknown_to_read", async (t) => {
  const client = await t.client();
  await client.call("process/start", start("p", ["/no/such"]));
  return ask(client, "process/read", { processId: "p" });
});
add("start.relative_program_resolved_against_cwd", async (t) => {
  mkdirSync(t.path("bin"));
  writeFileSync(t.path("bin/me"), "#!/bin/sh\necho ran $0 in $(/bin/pwd)\n", { mode: 0o755 });
  const cwd = t.uri("");
  return {
    slash: await runProcess(t, { ...sayHi(), argv: ["bin/me"], cwd }),
    pathEntry: await runProcess(t, { ...sayHi(), argv: ["me"], cwd, env: { PATH: "bin" } }),
  };
});
add("start.script_without_shebang", (t) => {
  writeFileSync(t.path("s"), "echo plain\n", { mode: 0o755 });
  return runProcess(t, { ...sayHi(), argv: [t.path("s")] });
});
add("start.fifty_at_once", async (t) => {
  const client = await t.client();
  const ids = Array.from({ length: 50 }, (_, i) => `m${i}`);
  const replies = await Promise.all(
    ids.map((id) => client.call("process/start", start(id, shell(`echo n${id}`)))),
  );
  const complete = (id: string) => client.outputOf(id) === `n${id}\n`;
  const closed = () => client.notifications.filter((event) => event.method === "process/closed").length;
  await client.waitFor(() => closed() === 50 && ids.every(complete), 15000).catch(() => {});
  return { ok: replies.every((reply) => reply.result), right: ids.every(complete) };
});
add("start.positional_params", async (t) => {
  const client = await t.client();
  const params = [
    "p",
    null,
    ["/bin/echo", "hi"],
    "file:///tmp",
    null,
    null,
    {},
    false,
    false,
    null,
    null,
    false,
    null,
    null,
  ];
  const reply = await ask(client, "process/start", params);
  const short = await ask(client, "process/start", params.slice(0, 5));
  return { reply, short, unchanged: await ask(await t.client(), "process/start", ["p"]) };
});
add("resize.not_implemented", (t) => askOnce(t, "process/resize", { processId: "p", rows: 10, cols: 20 }));
