import { isAlive, killNow } from "../../support/process-state.ts";
import { sleep, until } from "../../support/wait.ts";
import type { WireClient } from "../../support/wire-client.ts";
import { addTo, type Case } from "../case.ts";
import { ask, askOnce } from "./exchange.ts";
import { running, shell, summary } from "./process-run.ts";

export const signalCases: Case[] = [];
const add = addTo(signalCases);

const trapped = shell("trap 'echo got; exit 5' INT; echo ready; while :; do sleep 0.05; done");
const interrupt = (client: WireClient) =>
  ask(client, "process/signal", { processId: "p", signal: "interrupt" });

add("signal.interrupt_default", async (t) => {
  const client = await running(t, ["/bin/sleep", "5"]);
  await sleep(100);
  const r = await interrupt(client);
  await client.waitProcessClosed("p");
  return { r, ...summary(client, "p") };
});
for (const [name, tty] of [
  ["signal.interrupt_trapped", false],
  ["signal.interrupt_tty", true],
] as const) {
  add(name, async (t) => {
    const client = await running(t, trapped, { tty });
    await client.waitFor(() => client.outputOf("p").includes("ready"));
    await interrupt(client);
    await client.waitProcessClosed("p");
    return summary(client, "p");
  });
}
add("signal.interrupt_reaches_group", async (t) => {
  const script = [
    "import subprocess,signal,sys,time",
    "c=subprocess.Popen(['/bin/sleep','30'])",
    "signal.signal(signal.SIGINT,lambda *a: sys.exit(6))",
    "print(c.pid,flush=True)",
    "time.sleep(30)",
  ].join("\n");
  const client = await running(t, ["/usr/bin/python3", "-c", script]);
  await client.waitFor(() => client.outputOf("p").includes("\n"));
  const pid = client.outputOf("p").trim();
  await sleep(50);
  await interrupt(client);
  await client.waitExited("p");
  const backgroundChildGone = await until(() => !isAlive(pid), 2000);
  killNow(pid);
  return { exited: summary(client, "p").exited, backgroundChildGone };
});
add("signal.interrupt_tty_default", async (t) => {
  const client = await running(t, ["/bin/sleep", "9"], { tty: true });
  await sleep(150);
  await interrupt(client);
  await client.waitProcessClosed("p");
  return summary(client, "p");
});
add("signal.unknown_process", (t) =>
  askOnce(t, "process/signal", { processId: "nope", signal: "interrupt" }),
);
add("signal.after_exit", async (t) => {
  const client = await running(t, ["/bin/true"]);
  await client.waitProcessClosed("p");
  return interrupt(client);
});
for (const name of ["SIGTERM", "terminate", "kill", "Interrupt", ""]) {
  add(`signal.bad_name.${name || "empty"}`, (t) =>
    askOnce(t, "process/signal", { processId: "p", signal: name }),
  );
}
add("signal.number", (t) => askOnce(t, "process/signal", { processId: "p", signal: 2 }));
