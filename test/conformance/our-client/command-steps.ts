import { type ClientStep, exited } from "./client-step.ts";
import { finish, Running, refusal, script } from "./running.ts";
import { trap } from "./trap.ts";

/** Commands, and how they end: what the published client's tools do with them, by our client. */
export const commandSteps: readonly ClientStep[] = [
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
