import { type ClientStep, exited } from "./client-step.ts";
import { finish, Running, refusal, script } from "./running.ts";
import { trap } from "./trap.ts";

/** What is typed into a command, and what its terminal makes of it. */
export const inputSteps: readonly ClientStep[] = [
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
