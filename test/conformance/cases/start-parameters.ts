import { mkdirSync, symlinkSync } from "node:fs";
import { addTo, type Case } from "../case.ts";
import { askOnce } from "./exchange.ts";
import { runProcess, type StartMembers, sayHi, shell } from "./process-run.ts";

export const startParameterCases: Case[] = [];
const add = addTo(startParameterCases);

for (const name of ["processId", "argv", "cwd", "env", "tty"]) {
  add(`start.missing.${name}`, (t) => {
    const rest = Object.entries(sayHi()).filter(([member]) => member !== name);
    return askOnce(t, "process/start", Object.fromEntries(rest));
  });
}
const optional = [
  "arg0",
  "pipeStdin",
  "envPolicy",
  "sandbox",
  "enforceManagedNetwork",
  "managedNetwork",
  "networkProxy",
  "metadata",
  "shellSnapshot",
];
for (const name of optional) add(`start.null.${name}`, (t) => runProcess(t, { ...sayHi(), [name]: null }));

const bad: readonly (readonly [name: string, members: StartMembers])[] = [
  ["argv_empty", { argv: [] }],
  ["argv_null", { argv: null }],
  ["argv_numbers", { argv: [1] }],
  ["argv_string", { argv: "ls" }],
  ["argv_empty_string", { argv: [""] }],
  ["argv_nul_byte", { argv: ["/bin/echo", "a\u0000b"] }],
  ["env_null", { env: null }],
  ["env_number_value", { env: { A: 1 } }],
  ["env_array", { env: [] }],
  ["env_nul_byte", { env: { A: "a\u0000b" }, argv: ["/bin/true"] }],
  ["tty_string", { tty: "yes" }],
  ["tty_null", { tty: null }],
  ["process_id_number", { processId: 5 }],
  ["process_id_null", { processId: null }],
  ["pipe_stdin_string", { pipeStdin: "x" }],
  ["arg0_number", { arg0: 5 }],
  ["not_found_bare_name", { argv: ["no-such-program-here"] }],
  ["not_found_absolute", { argv: ["/no/such/program"] }],
  ["not_executable", { argv: ["/etc/hostname"] }],
  ["is_directory", { argv: ["/tmp"] }],
  [
    "argument_list_too_long",
    {
      argv: [
        "/bin/true",
        ..."x"
          .repeat(24)
          .split("")
          .map(() => "y".repeat(131000)),
      ],
    },
  ],
  ["argument_over_128KiB", { argv: ["/bin/true", "y".repeat(140000)] }],
  ["tty_argv_empty", { tty: true, argv: [] }],
  ["tty_argv_empty_string", { tty: true, argv: [""] }],
  ["tty_not_found", { tty: true, argv: ["no-such-program-here"] }],
  ["tty_not_found_absolute", { tty: true, argv: ["/no/such/program"] }],
  ["tty_not_executable", { tty: true, argv: ["/etc/hostname"] }],
  ["tty_is_directory", { tty: true, argv: ["/tmp"] }],
  ["tty_cwd_missing_runs_in_HOME", { tty: true, cwd: "file:///nope", argv: ["/bin/pwd"] }],
  ["tty_cwd_is_file", { tty: true, cwd: "file:///etc/hostname", argv: ["/bin/pwd"] }],
  ["tty_cwd_missing_env_HOME", { tty: true, cwd: "file:///nope", argv: ["/bin/pwd"], env: { HOME: "/usr" } }],
  ["tty_nul_byte", { tty: true, argv: ["/bin/echo", "a\u0000b"] }],
  ["path_not_containing_program", { argv: ["sh", "-c", "echo x"], env: { PATH: "/nowhere" } }],
  ["metadata_bad_thread_id", { metadata: { threadId: "x" } }],
  ["sandbox_empty_object", { sandbox: {} }],
  ["network_proxy_empty_object", { networkProxy: {} }],
  ["shell_snapshot_empty_object", { shellSnapshot: {} }],
];
for (const [name, members] of bad) add(`start.bad.${name}`, (t) => runProcess(t, { ...sayHi(), ...members }));

const directories: readonly (readonly [name: string, cwd: string | null])[] = [
  ["plain_path", "/tmp"],
  ["relative", "tmp"],
  ["empty", ""],
  ["null", null],
  ["missing_dir", "file:///nope"],
  ["is_file", "file:///etc/hostname"],
  ["http_scheme", "http://x/tmp"],
  ["localhost", "file://localhost/tmp"],
  ["other_host", "file://otherhost/tmp"],
  ["percent_encoded", "file:///%74mp"],
  ["query", "file:///tmp?x=1"],
  ["fragment", "file:///tmp#x"],
  ["dotdot", "file:///tmp/../usr"],
  ["dotdot_encoded", "file:///tmp/%2e%2e/usr"],
  ["trailing_slash", "file:///tmp/"],
  ["encoded_nul", "file:///tmp%00x"],
  ["windows_drive", "file:///C:/x"],
  ["root", "file:///"],
  ["file_colon_relative", "file:tmp"],
  ["uppercase_scheme", "FILE:///tmp"],
];
for (const [name, cwd] of directories) {
  add(`start.cwd.${name}`, (t) => runProcess(t, { ...sayHi(), cwd, argv: ["/bin/pwd"] }));
}
add("start.cwd.symlink_pwd", (t) => {
  mkdirSync(t.path("real"));
  symlinkSync("real", t.path("link"));
  const argv = shell("/bin/pwd -P; /bin/pwd -L; echo pwd=$PWD");
  return runProcess(t, { ...sayHi(), cwd: t.uri("link"), argv, env: {} });
});
add("start.cwd.encoded_slash", (t) => {
  mkdirSync(t.path("a/b"), { recursive: true });
  return runProcess(t, { ...sayHi(), cwd: t.uri("a%2Fb"), argv: ["/bin/pwd"] });
});
add("start.cwd.special_chars", (t) => {
  mkdirSync(t.path("sp ace#é%41"));
  return runProcess(t, { ...sayHi(), cwd: t.uri("sp%20ace%23%C3%A9%2541"), argv: ["/bin/pwd"] });
});
