import { isAlive, killNow } from "../../support/process-state.ts";
import { sleep } from "../../support/wait.ts";
import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { answer, ask, askOnce } from "./exchange.ts";
import { running, shell, start, summary, terminate } from "./process-run.ts";

export const terminateCases: Case[] = [];
const add = addTo(terminateCases);

add("terminate.running", async (t) => {
  const client = await running(t, ["/bin/sleep", "9"]);
  const r = answer(await terminate(client));
  await client.waitProcessClosed("p");
  const again = answer(await terminate(client));
  return {
    r,
    again,
    ...summary(client, "p"),
    read: await client.request("process/read", { processId: "p" }),
  };
});
add("terminate.running_tty", async (t) => {
  const client = await running(t, ["/bin/sleep", "9"], { tty: true });
  const r = answer(await terminate(client));
  await client.waitProcessClosed("p");
  return { r, ...summary(client, "p") };
});
add("terminate.ignores_term_trap", async (t) => {
  const script = "trap 'echo term; exit 7' TERM; trap '' HUP INT; echo ready; while :; do sleep 0.05; done";
  const client = await running(t, shell(script));
  await client.waitFor(() => client.outputOf("p").includes("ready"));
  const begun = performance.now();
  await terminate(client);
  await client.waitExited("p");
  const quick = performance.now() - begun < 1500;
  await client.waitProcessClosed("p");
  return { quick, ...summary(client, "p") };
});
add("terminate.unknown", (t) => askOnce(t, "process/terminate", { processId: "nope" }));
add("terminate.after_exit", async (t) => {
  const client = await running(t, ["/bin/true"]);
  await client.waitProcessClosed("p");
  return answer(await terminate(client));
});

/** A process with a child in its group and one in a session of its own; which of them outlive terminate? */
async function survivors(t: CaseContext, tty: boolean) {
  const script = "sleep 40 & echo $!; setsid sleep 41 & echo $!; wait";
  const client = await running(t, shell(script), { tty });
  const pids = () => client.outputOf("p").trim().split(/\s+/);
  await client.waitFor(() => pids().length >= 2, 4000);
  await sleep(80);
  const r = answer(await terminate(client));
  const closedFast = await client.waitProcessClosed("p", 2000).then(
    () => true,
    () => false,
  );
  await sleep(150);
  const [child = "", setsidChild = ""] = pids();
  const alive = { childAlive: isAlive(child), setsidChildAlive: isAlive(setsidChild) };
  killNow(child);
  killNow(setsidChild);
  return { r, closedFast, exited: summary(client, "p").exited, ...alive };
}
add("terminate.process_group_but_not_setsid", (t) => survivors(t, false));
add("terminate.process_group_but_not_setsid_tty", (t) => survivors(t, true));

add("terminate.background_child_holding_stdout_after_exit", async (t) => {
  const client = await running(t, shell("sleep 40 & echo $!; exit 0"));
  await client.waitExited("p");
  await client.waitFor(() => client.outputOf("p").includes("\n"));
  const pid = client.outputOf("p").trim();
  const r = answer(await terminate(client));
  await sleep(500);
  const childAlive = isAlive(pid);
  const read = await client.request("process/read", { processId: "p", afterSeq: 9 });
  const closedNotifiedWhileHeld = summary(client, "p").closed;
  killNow(pid);
  await client.waitProcessClosed("p", 2000).catch(() => {});
  const closedAfterKill = summary(client, "p").closed;
  return {
    r,
    childAlive,
    exited: read.exited,
    closedWhileHeld: read.closed,
    closedNotifiedWhileHeld,
    closedAfterKill,
  };
});
add("terminate.before_start_finishes_pipelined", async (t) => {
  const client = await t.client();
  const started = ask(client, "process/start", start("p", ["/bin/sleep", "9"]));
  const terminated = ask(client, "process/terminate", { processId: "p" });
  return { start: await started, terminate: await terminated };
});
add("terminate.after_closed_leaves_background_children", async (t) => {
  const script =
    "nohup sleep 40 >/dev/null 2>&1 </dev/null & echo $!; setsid sleep 41 >/dev/null 2>&1 </dev/null & echo $!";
  const client = await running(t, shell(script));
  await client.waitProcessClosed("p");
  const [nohup = "", setsid = ""] = client.outputOf("p").trim().split(/\s+/);
  const r = answer(await terminate(client));
  await sleep(200);
  const alive = { nohupAlive: isAlive(nohup), setsidAlive: isAlive(setsid) };
  killNow(nohup);
  killNow(setsid);
  return { r, ...alive };
});
add("exit.holder_of_stdout_delays_closed", async (t) => {
  const client = await t.client();
  await client.request("process/start", start("p", shell("sleep 1 & echo bg; exit 0")));
  const begun = performance.now();
  await client.waitExited("p");
  const exitedMs = performance.now() - begun;
  const mid = await client.request("process/read", { processId: "p", afterSeq: 0 });
  await client.waitProcessClosed("p", 5000);
  const closedMs = performance.now() - begun;
  return {
    exitedUnder500ms: exitedMs < 700,
    midClosed: mid.closed,
    midExited: mid.exited,
    closedAfter900ms: closedMs > 800,
    ...summary(client, "p"),
  };
});
