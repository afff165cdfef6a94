import { addTo, type Case } from "../case.ts";
import { runProcess, type StartMembers, sayHi, shell } from "./process-run.ts";

export const startBehaviourCases: Case[] = [];
const add = addTo(startBehaviourCases);

const printEnv = ["/usr/bin/env", "-0"];
const printArguments = ["/bin/cat", "/proc/self/cmdline"];
const threadId = "c6cc1b5f-e605-4d3e-a486-a36bc912e690";
const metadata = { threadId, toolCallId: "call-1" };
const descriptorKinds = "for f in 0 1 2; do readlink /proc/self/fd/$f | sed 's/[0-9][0-9]*/N/g'; done";
const manyLines =
  "i=0; while [ $i -lt 4000 ]; do echo 0123456789012345678901234567890123456789012345678$i; i=$((i+1)); done | sha256sum; seq 40000 | sha256sum";

const behaviours: readonly (readonly [name: string, members: StartMembers])[] = [
  ["stdout", {}],
  ["stderr", { argv: shell("echo err >&2") }],
  ["both_streams", { argv: shell("echo out; echo err >&2") }],
  ["no_output", { argv: ["/bin/true"] }],
  ["exit_42", { argv: shell("exit 42") }],
  ["exit_255", { argv: shell("exit 255") }],
  ["killed_by_9", { argv: shell("kill -9 $$") }],
  ["killed_by_15", { argv: shell("kill -15 $$") }],
  ["killed_by_segv", { argv: shell("ulimit -c 0; kill -11 $$") }],
  ["tty_exit_42", { tty: true, argv: shell("exit 42") }],
  ["tty_killed_by_9", { tty: true, argv: shell("kill -9 $$") }],
  ["tty_killed_by_15", { tty: true, argv: shell("kill -15 $$") }],
  ["stdin_is_dev_null", { argv: shell("readlink /proc/self/fd/0; cat | wc -c") }],
  ["writes_to_dev_stdout_and_stderr", { argv: shell("echo a > /dev/stdout; echo b > /dev/stderr") }],
  ["invalid_utf8_output", { argv: shell("printf '\\377\\376'") }],
  ["nul_output", { argv: shell("printf 'a\\000b'") }],
  ["process_id_empty", { processId: "" }],
  ["process_id_unicode", { processId: "é☃\u0000" }],
  ["process_id_long", { processId: "x".repeat(5000) }],
  ["unknown_field", { foo: 1, timeoutMs: 5 }],
  ["bare_name_uses_env_path", { argv: ["sh", "-c", "echo $0 $PATH"] }],
  ["bare_name_no_path_in_env", { argv: ["sh", "-c", "echo $0"], env: {} }],
  ["bare_name_usr_sbin_no_path_in_env", { argv: ["chroot", "--version"], env: {} }],
  ["env_is_exactly_what_was_sent", { argv: printEnv, env: { A: "1", B: "two words", C: "" } }],
  ["env_empty", { argv: printEnv, env: {} }],
  ["env_unicode", { argv: printEnv, env: { É: "ü☃" } }],
  ["env_name_with_equals", { argv: printEnv, env: { "A=B": "c" } }],
  ["env_empty_name", { argv: printEnv, env: { "": "c" } }],
  ["arg0", { argv: printArguments, arg0: "custom-name" }],
  ["arg0_empty", { argv: printArguments, arg0: "" }],
  ["arg0_with_bare_name", { argv: ["cat", "/proc/self/cmdline"], arg0: "zz" }],
  ["argv_as_given", { argv: printArguments }],
  ["tty_arg0_is_looked_up_as_program", { tty: true, argv: printArguments, arg0: "custom-name" }],
  ["tty_arg0_absolute", { tty: true, argv: printArguments, arg0: "/bin/echo" }],
  ["enforce_managed_network_alone", { enforceManagedNetwork: true }],
  ["metadata_sets_env", { argv: printEnv, env: {}, metadata }],
  [
    "metadata_vs_env",
    { argv: printEnv, env: { CODEX_THREAD_ID: "mine", CODEX_TOOL_CALL_ID: "mine" }, metadata },
  ],
  ["metadata_empty", { argv: printEnv, env: {}, metadata: {} }],
  [
    "ids_own_session_and_group",
    {
      argv: shell(
        "set -- $(cat /proc/$$/stat); [ $5 = $$ ] && echo pgid=pid; [ $6 = $$ ] && echo sid=pid; echo tty=$7",
      ),
    },
  ],
  ["fds_inherited", { argv: shell(`ls /proc/self/fd | sort -n | tr '\\n' ' '; ${descriptorKinds}`) }],
  ["fds_pipe_stdin", { pipeStdin: true, argv: shell(descriptorKinds) }],
  ["signal_mask_clean", { argv: shell("grep -E 'SigBlk|SigPnd' /proc/self/status") }],
  ["signals_ignored_by_nobody", { argv: shell("grep -E 'SigIgn' /proc/self/status") }],
  ["umask_and_limits", { argv: shell("umask; ulimit -c") }],
  ["shebang_script_without_x_shell", { argv: shell("true") }],
  ["output_200kB_intact", { argv: shell(manyLines) }],
];
for (const [name, members] of behaviours)
  add(`start.ok.${name}`, (t) => runProcess(t, { ...sayHi(), ...members }));
