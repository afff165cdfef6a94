import { type ClientStep, exited } from "./client-step.ts";
import { finish, Running, refusal, script } from "./running.ts";

/** Prints it, then waits for the signal and says the word. */
const trap = (signal: string, word: string, code: number) =>
  `trap 'echo ${word}; exit ${code}' ${signal}; echo armed; while :; do sleep 0.02; done`;

const commands: readonly ClientStep[] = [
  {
    name: "stdout, stderr, the directory and the exit code of a command arrive",
    act: async (environment, place) => {
      const { output, ending } = await finish(
        environment,
        script("echo out-line; echo err-line >&2; pwd; exit 7", place),
      );
      return { stdout: output["stdout"]?.replace(place, "PLACE"), stderr: output["stderr"], ending };
    },
    wants: { stdout: "out-line\nPLACE\n", stderr: "err-line\n", ending: exited(7) },
  },
  {
    name: "the server's variables are kept, and ours are laid over them",
    act: (environment, place) =>
      finish(
        environment,
        script('echo "$HARNESS_EXECUTOR|$VALUE|$HOME|$(test -t 1 && echo a tty)"', place, {
          env: { VALUE: "ü b", HOME: "/other" },
        }),
      ),
    wants: { output: { stdout: "yes|ü b|/other|\n" }, ending: exited(0) },
  },
  {
    name: "a command that inherits nothing has our variables alone, and the name we give it",
    act: (environment, place) =>
      finish(environment, {
        ...script("", place),
        argv: ["/bin/sh", "-c", 'echo "$HARNESS_EXECUTOR|$VALUE|$HOME|$0"'],
        env: { PATH: "/usr/bin:/bin", VALUE: "v" },
        inherit: "none",
        arg0: "other-name",
      }),
    wants: { output: { stdout: "|v||other-name\n" }, ending: exited(0) },
  },
  {
    name: "a program that is not there is refused, and gives 127 in a shell",
    act: async (environment, place) => [
      await refusal(() => Running.start(environment, { ...script("", place), argv: ["/no/such/program"] })),
      (await finish(environment, script("/no/such/program 2>/dev/null", place))).ending,
    ],
    wants: ["RpcError: No such file or directory (os error 2)", exited(127)],
  },
  {
    name: "a directory that is not there is an error",
    act: (environment) => refusal(() => Running.start(environment, script("pwd", "/no/such/dir"))),
    wants: "RpcError: No such file or directory (os error 2)",
  },
  {
    name: "three commands at once each give their own",
    act: async (environment, place) => {
      const words = ["one", "two", "three"];
      const outcomes = await Promise.all(
        words.map((word, index) => finish(environment, script(`sleep 0.${3 - index}; echo ${word}`, place))),
      );
      return outcomes.map(({ output }) => output["stdout"]);
    },
    wants: ["one\n", "two\n", "three\n"],
  },
  {
    name: "stdin that nobody asked for is at its end",
    act: (environment, place) => finish(environment, script("cat; echo eof", place)),
    wants: { output: { stdout: "eof\n" }, ending: exited(0) },
  },
  {
    name: "4 MB of output arrive whole",
    act: async (environment, place) => {
      const { output, ending } = await finish(environment, script("seq 1 600000; echo THE-END", place));
      const lines = (output["stdout"] ?? "").split("\n");
      return {
        whole: lines.every((line, index) => Number(line) === index + 1 || index >= 600_000),
        count: lines.length,
        ending,
      };
    },
    wants: { whole: true, count: 600_002, ending: exited(0) },
  },
  {
    name: "bytes that are not UTF-8 arrive as they are",
    act: (environment, place) =>
      finish(environment, script("printf '\\377\\376a\\303'; printf '\\251b\\n'", place)),
    wants: { output: { stdout: "\\xff\\xfea\\xc3\\xa9b\n" }, ending: exited(0) },
  },
  {
    name: "what a background child says after the exit still arrives",
    act: (environment, place) => finish(environment, script("(sleep 0.3; echo late) & echo early", place)),
    wants: { output: { stdout: "early\nlate\n" }, ending: exited(0) },
  },
  {
    name: "a long command is heard while it runs, and sees the file that it waits for",
    act: async (environment, place) => {
      const waits = "echo tick1; until test -e go; do sleep 0.02; done; cat go; exit 4";
      const running = await Running.start(environment, script(waits, place));
      await running.says("tick1\n");
      await environment.files.writeFile(`${place}/go`, new TextEncoder().encode("tick2\n"));
      return await running.outcome();
    },
    wants: { output: { stdout: "tick1\ntick2\n" }, ending: exited(4) },
  },
];

const typed: readonly ClientStep[] = [
  {
    name: "a terminal echoes what is typed, answers, and tells its exit code",
    act: async (environment, place) => {
      const running = await Running.start(
        environment,
        script(
          "test -t 0 && echo is-a-tty; echo ready; read l; echo got:$l; read m; echo bye:$m; exit 5",
          place,
          {
            stdio: { kind: "pty", rows: 24, columns: 80 },
          },
        ),
      );
      await running.says("ready\r\n");
      await running.type("ping\n");
      await running.says("got:ping\r\n");
      await running.type("pong\n");
      return await running.outcome();
    },
    wants: {
      output: { pty: "is-a-tty\r\nready\r\nping\r\ngot:ping\r\npong\r\nbye:pong\r\n" },
      ending: exited(5),
    },
  },
  {
    name: "^C on a terminal interrupts",
    act: async (environment, place) => {
      const running = await Running.start(
        environment,
        script(trap("INT", "caught", 9), place, { stdio: { kind: "pty", rows: 24, columns: 80 } }),
      );
      await running.says("armed\r\n");
      await running.type("\u0003");
      return await running.outcome();
    },
    wants: { output: { pty: "armed\r\n^Ccaught\r\n" }, ending: exited(9) },
  },
  {
    name: "a terminal has the size that was asked for",
    act: (environment, place) =>
      finish(environment, script("stty size", place, { stdio: { kind: "pty", rows: 40, columns: 123 } })),
    wants: { output: { pty: "40 123\r\n" }, ending: exited(0) },
    without: { addition: "processPtySize", wants: { output: { pty: "24 80\r\n" }, ending: exited(0) } },
  },
  {
    name: "a terminal is resized",
    act: async (environment, place) => {
      const running = await Running.start(
        environment,
        script("echo up; read line; stty size", place, { stdio: { kind: "pty", rows: 24, columns: 80 } }),
      );
      await running.says("up\r\n");
      const refused = await refusal(() => running.process.resize({ rows: 41, columns: 99 }));
      await running.type("\n");
      return [refused, (await running.outcome()).output["pty"]];
    },
    wants: ["not refused", "up\r\n\r\n41 99\r\n"],
    without: {
      addition: "processResize",
      wants: ["UnsupportedError: the server cannot resize a PTY", "up\r\n\r\n24 80\r\n"],
    },
  },
  {
    name: "stdin arrives whole and in order",
    act: async (environment, place) => {
      const spec = script("head -c 300000 | sha256sum", place, { stdio: { kind: "pipes", stdin: true } });
      const running = await Running.start(environment, spec);
      await running.type(Array.from({ length: 50_000 }, (_, index) => `${10_000 + index}\n`).join(""));
      return await running.outcome();
    },
    wants: {
      output: {
        stdout: `${new Bun.CryptoHasher("sha256").update(Array.from({ length: 50_000 }, (_, index) => `${10_000 + index}\n`).join("")).digest("hex")}  -\n`,
      },
      ending: exited(0),
    },
  },
  {
    name: "stdin has an end",
    act: async (environment, place) => {
      const spec = script("cat; echo eof", place, { stdio: { kind: "pipes", stdin: true } });
      const running = await Running.start(environment, spec);
      await running.type("in\n");
      await running.says("in\n");
      const refused = await refusal(() => running.process.stdin.end());
      if (refused !== "not refused") await running.process.terminate();
      return [refused, await running.outcome()];
    },
    wants: ["not refused", { output: { stdout: "in\neof\n" }, ending: exited(0) }],
    without: {
      addition: "processCloseStdin",
      wants: [
        "UnsupportedError: the server cannot close the stdin of a process",
        { output: { stdout: "in\n" }, ending: exited(137) },
      ],
    },
  },
];

const ended: readonly ClientStep[] = [
  {
    name: "an interrupt is a signal",
    act: async (environment, place) => {
      const running = await Running.start(environment, script(trap("INT", "intr", 3), place));
      await running.says("armed\n");
      await running.process.signal("SIGINT");
      return await running.outcome();
    },
    wants: { output: { stdout: "armed\nintr\n" }, ending: exited(3) },
  },
  {
    name: "other signals are sent by name",
    act: async (environment, place) => {
      const running = await Running.start(environment, script(trap("TERM", "term", 4), place));
      await running.says("armed\n");
      const refused = await refusal(() => running.process.signal("SIGTERM"));
      if (refused !== "not refused") await running.process.signal("SIGKILL");
      const { output, ending } = await running.outcome();
      // A shell may say on stderr what became of its own child.
      return [refused, output["stdout"], ending];
    },
    wants: ["not refused", "armed\nterm\n", exited(4)],
    without: {
      addition: "processSignalNames",
      wants: [
        "UnsupportedError: the server can send SIGINT and SIGKILL only, not SIGTERM",
        "armed\n",
        exited(137),
      ],
    },
  },
  {
    name: "what ignores every signal is terminated, and then there is nothing left to end",
    act: async (environment, place) => {
      const running = await Running.start(
        environment,
        script("trap '' TERM INT HUP; echo up; sleep 60 & wait", place),
      );
      await running.says("up\n");
      const first = await running.process.terminate();
      const outcome = await running.outcome();
      return [first, outcome, await running.process.terminate()];
    },
    wants: [true, { output: { stdout: "up\n" }, ending: exited(137) }, false],
  },
];

/** What the published client's tools do with commands, by our client. */
export const processSteps: readonly ClientStep[] = [...commands, ...typed, ...ended];
