import { isAlive, killNow } from "../../support/process-state.ts";
import { sleep } from "../../support/wait.ts";
import { toBase64, type WireClient } from "../../support/wire-client.ts";
import { addTo, type Case } from "../case.ts";
import { running, runProcess, sayHi, shell, summary } from "./process-run.ts";

export const ttyCases: Case[] = [];
const add = addTo(ttyCases);

const scripts: readonly (readonly [name: string, script: string])[] = [
  ["size_24_80", "stty size"],
  ["is_terminal", "for f in 0 1 2; do [ -t $f ] && echo $f tty; done"],
  ["controlling_terminal", "[ -c /dev/tty ] && (echo x > /dev/tty) && echo has-ctty; tty"],
  ["term_unset_when_not_in_env", "echo TERM=$TERM"],
  ["session_leader", "set -- $(cat /proc/$$/stat); [ $5 = $$ ] && echo pgid; [ $6 = $$ ] && echo sid"],
  ["stty_flags", "stty -a | tr ';' '\\n' | grep -v speed | tail -n +4"],
  ["stderr_merged", "echo out; echo err >&2"],
  ["crlf_translation", "printf 'a\\nb\\n'"],
  ["fds", "ls /proc/self/fd | sort -n | tr '\\n' ' '"],
  ["signal_dispositions", "grep -E 'SigBlk|SigIgn' /proc/self/status"],
];
for (const [name, script] of scripts) {
  add(`tty.${name}`, (t) => runProcess(t, { ...sayHi(), tty: true, argv: shell(script) }));
}

const environments: readonly (readonly [name: string, env: Readonly<Record<string, string>>])[] = [
  ["env_extra", {}],
  ["env_shell_given", { SHELL: "/bin/zsh" }],
  ["env_term_given", { TERM: "vt100" }],
];
for (const [name, env] of environments) {
  // Sorted: the order of an environment means nothing.
  const argv = shell("env -0 | sort -z");
  add(`tty.${name}`, (t) => runProcess(t, { ...sayHi(), tty: true, env, argv }));
}
add("tty.with_pipe_stdin", (t) =>
  runProcess(t, { ...sayHi(), tty: true, pipeStdin: true, argv: shell("[ -t 0 ] && echo tty") }),
);

const type = (client: WireClient, text: string, writeId: string) =>
  client.request("process/write", { processId: "p", chunk: toBase64(text), writeId });

add("tty.echo_and_eof", async (t) => {
  const client = await running(t, ["/bin/cat"], { tty: true });
  await sleep(80);
  await type(client, "hello\n", "1");
  await client.waitFor(() => client.outputOf("p").split("hello").length > 2, 3000);
  await type(client, "\x04", "2");
  await client.waitProcessClosed("p");
  return summary(client, "p");
});
add("tty.ctrl_c", async (t) => {
  const client = await running(t, ["/bin/sleep", "9"], { tty: true });
  await sleep(150);
  await type(client, "\x03", "1");
  await client.waitProcessClosed("p");
  return summary(client, "p");
});
add("tty.background_job_after_leader_exit", async (t) => {
  const client = await running(t, shell("sleep 40 & echo $!; exit 0"), { tty: true });
  const closed = await client.waitProcessClosed("p", 2500).then(
    () => true,
    () => false,
  );
  const pid = client.outputOf("p").trim();
  await sleep(100);
  const childAlive = isAlive(pid);
  killNow(pid);
  return { closed, childAlive };
});
add("tty.nohup_background_holds_pty", async (t) => {
  const client = await running(t, shell("trap '' HUP; sleep 40 & echo $!; exit 0"), { tty: true });
  const closedWhileHeld = await client.waitProcessClosed("p", 1500).then(
    () => true,
    () => false,
  );
  const pid = client.outputOf("p").trim();
  const childAlive = isAlive(pid);
  killNow(pid);
  await client.waitProcessClosed("p", 2000).catch(() => {});
  return { closedWhileHeld, childAlive, closedAfterKill: summary(client, "p").closed };
});
