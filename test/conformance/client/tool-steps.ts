import { applyPatch, callTool, runCommand } from "./model.ts";
import { missing, rememberSession, type Step, type StepNotes, theEnd } from "./step.ts";

interface CommandStep {
  readonly name: string;
  readonly cmd: string;
  readonly wants: readonly string[];
  readonly more?: Readonly<Record<string, unknown>>;
  /** Keeps the session number of a command that goes on. */
  readonly goesOn?: boolean;
}

let ids = 0;

function command({ name, cmd, wants, more = {}, goesOn = false }: CommandStep, id = `c${++ids}`): Step {
  return {
    name,
    turn: () => ({ calls: [runCommand(id, cmd, more)] }),
    check: (output, notes) => {
      if (goesOn) rememberSession(id, output(id), notes);
      return missing(output(id), ...wants, ...(goesOn ? ["session ID"] : []));
    },
  };
}

/** Types into a command that goes on, and looks at what came by then; earlier output may count as well. */
function typing(name: string, id: string, chars: string, wants: readonly string[], yieldMs = 2500): Step {
  const own = `t${++ids}`;
  return {
    name,
    turn: ({ sessions }: StepNotes) => ({
      calls: [callTool(own, "write_stdin", { session_id: sessions.get(id), chars, yield_time_ms: yieldMs })],
    }),
    check: (output) => missing(output(id) + output(own), ...wants),
  };
}

function patch(name: string, lines: readonly string[], wants: readonly string[]): Step {
  const id = `p${++ids}`;
  return {
    name,
    turn: () => ({ calls: [applyPatch(id, ...lines)] }),
    check: (output) => missing(output(id), ...wants),
  };
}

function image(name: string, path: string, wants: readonly string[]): Step {
  const id = `i${++ids}`;
  return {
    name,
    turn: () => ({ calls: [callTool(id, "view_image", { path })] }),
    check: (output) => missing(output(id), ...wants),
  };
}

const forever = (signal: string, word: string, code: number) =>
  `trap 'echo ${word}; exit ${code}' ${signal}; echo armed; while :; do sleep 0.1; done`;
const heredoc =
  "apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: heredoc.txt\n+from heredoc\n*** End Patch\nEOF";

const commands: readonly Step[] = [
  {
    name: "stdout, stderr, cwd and exit code arrive",
    turn: () => ({
      calls: [runCommand("run", "printf 'out-line\\n'; printf 'err-line\\n' >&2; pwd; exit 7")],
    }),
    check: (output, { workspace }) =>
      missing(output("run"), "out-line", "err-line", workspace, "exited with code 7"),
  },
  command({
    name: "the executor's environment is kept, the client's absent, the client's settings there",
    cmd: 'echo "X=$HARNESS_EXECUTOR C=$HARNESS_CLIENT CI=$CODEX_CI P=$PAGER T=$(test -n "$CODEX_THREAD_ID" && echo set) tty=$(test -t 1 && echo y || echo n)"',
    wants: ["X=yes C= CI=1 P=cat T=set tty=n"],
  }),
  command({
    name: "a program that is not there gives 127",
    cmd: "/no/such/program",
    wants: ["exited with code 127"],
  }),
  command({
    name: "workdir",
    cmd: "pwd",
    more: { workdir: "/usr" },
    wants: ["/usr\n", "exited with code 0"],
  }),
  {
    name: "a missing workdir is an error, not a hang",
    turn: () => ({ calls: [runCommand("badwd", "pwd", { workdir: "/no/such/dir" })] }),
    check: (output) => (output("badwd").includes("exited with code 0") ? output("badwd") : undefined),
  },
  {
    name: "three commands at once",
    turn: () => ({
      calls: ["one", "two", "three"].map((word, i) => runCommand(word, `sleep 0.${3 - i}; echo ${word}`)),
    }),
    check: (output) => missing(output("one") + output("two") + output("three"), "one\n", "two\n", "three\n"),
  },
  command({
    name: "stdin is closed: cat ends at once",
    cmd: "cat; echo eof",
    wants: ["eof", "exited with code 0"],
  }),
  command({
    name: "2 MB of output, the end arrives",
    cmd: "head -c 2000000 /dev/zero | tr '\\0' x | fold -w 100; echo; echo THE-END",
    more: { yield_time_ms: 15000 },
    wants: ["THE-END", "exited with code 0"],
  }),
  command({
    name: "bytes that are not UTF-8 do not break the session",
    cmd: "printf '\\377\\376a\\303'; printf '\\251b\\n'",
    wants: ["b\n", "exited with code 0"],
  }),
  command({
    name: "a background child that keeps stdout does not hang the call for ever",
    cmd: "(sleep 1; echo late) & echo early",
    more: { yield_time_ms: 3000 },
    wants: ["early"],
  }),
];

const ptyScript =
  "test -t 0 && echo is-a-tty; stty size; echo ready; read l; echo got:$l; read m; echo bye:$m; exit 5";
const tty = { tty: true, yield_time_ms: 1500 };
const longRunning: readonly Step[] = [
  command(
    {
      name: "a PTY session stays open",
      cmd: ptyScript,
      more: tty,
      wants: ["is-a-tty", "ready"],
      goesOn: true,
    },
    "pty",
  ),
  typing("typing reaches the process, echo and answer arrive", "pty", "ping\n", ["ping\r\n", "got:ping"]),
  typing("the exit code of a PTY session that ended", "pty", "pong\n", ["bye:pong", "exited with code 5"]),
  command(
    {
      name: "a PTY command that waits for ^C",
      cmd: forever("INT", "caught", 9),
      more: tty,
      wants: ["armed"],
      goesOn: true,
    },
    "ctrl",
  ),
  typing("^C is delivered", "ctrl", "\u0003", ["caught", "exited with code 9"]),
  command(
    {
      name: "a long command yields a session",
      cmd: "for i in 1 2 3 4; do echo tick$i; sleep 0.6; done; exit 4",
      more: { yield_time_ms: 600 },
      wants: [],
      goesOn: true,
    },
    "long",
  ),
  typing(
    "polling it to its end loses nothing",
    "long",
    "",
    ["tick1", "tick2", "tick3", "tick4", "exited with code 4"],
    8000,
  ),
  command(
    {
      name: "a pipe command that waits for a signal",
      cmd: forever("INT", "intr", 3),
      more: { yield_time_ms: 1500 },
      wants: ["armed"],
      goesOn: true,
    },
    "intr",
  ),
  typing("^C becomes an interrupt signal", "intr", "\u0003", ["intr", "exited with code 3"]),
];

const files: readonly Step[] = [
  patch(
    "a patch adds a file in a new directory",
    ["*** Add File: new/deep/one.txt", "+alpha", "+beta"],
    ["Success", "A new/deep/one.txt"],
  ),
  patch(
    "a patch updates and moves",
    ["*** Update File: new/deep/one.txt", "*** Move to: two.txt", "@@", " alpha", "-beta", "+gamma"],
    ["Success", "two.txt"],
  ),
  patch("a patch deletes", ["*** Delete File: victim.txt"], ["Success", "D victim.txt"]),
  patch(
    "a patch of a missing file is refused",
    ["*** Update File: nowhere.txt", "@@", "-x", "+y"],
    ["nowhere.txt"],
  ),
  command({ name: "a patch through the shell", cmd: heredoc, wants: ["Success", "heredoc.txt"] }),
  command({
    name: "the executor sees the patched files",
    cmd: "cat two.txt heredoc.txt; test -e victim.txt || test -e new/deep/one.txt || echo moved-and-deleted",
    wants: ["alpha\ngamma\nfrom heredoc\n", "moved-and-deleted"],
  }),
  image("an image is read on the executor", "pixel.png", ["[image data:image/png;base64,"]),
  image("a missing image is an error", "nope.png", ["nope.png"]),
  image("a directory as an image is an error", ".", ["is not a file"]),
];

/** One turn of the model that walks through every tool that touches the environment. */
export const toolSteps: readonly Step[] = [
  ...commands,
  ...longRunning,
  ...files,
  command({
    name: "a process left running at the end",
    cmd: "echo leaving; sleep 299",
    more: { yield_time_ms: 1500 },
    wants: ["leaving"],
    goesOn: true,
  }),
  theEnd,
];
