import { sleep } from "../../support/wait.ts";
import type { Fate, LinkProxy, Passing } from "./link-proxy.ts";
import { applyPatch, callTool, runCommand } from "./model.ts";
import { missing, rememberSession, type Step, theEnd } from "./step.ts";

/** A way in which the link breaks while the published client works, and what must come out all the same. */
export interface LinkFailure {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Made anew for each run, since it counts. */
  readonly decide: (proxy: () => LinkProxy) => (passing: Passing) => Fate;
  /** What is wrong with what passed; undefined when nothing is. */
  readonly after?: (proxy: LinkProxy) => string | undefined;
}

const counting = (pause: number) => `for i in $(seq 1 20); do echo n$i; sleep ${pause}; done; exit 6`;

function everyNumberOnce(text: string): string | undefined {
  for (let i = 1; i <= 20; i++) {
    const times = text.split(`n${i}\n`).length - 1;
    if (times !== 1) return `n${i} arrived ${times} times in ${JSON.stringify(text)}`;
  }
  return missing(text, "exited with code 6");
}

const count = (pause = 0.2): Step => ({
  name: "the command's output is whole, nothing twice, exit code right",
  turn: () => ({ calls: [runCommand("count", counting(pause), { yield_time_ms: 25000 })] }),
  check: (output) => everyNumberOnce(output("count")),
});

const works: Step = {
  name: "a command after it works",
  turn: () => ({ calls: [runCommand("works", "echo still-alive")] }),
  check: (output) => missing(output("works"), "still-alive", "code 0"),
};

const echo: Step = { name: "a command", turn: () => ({ calls: [runCommand("echo", "echo hello")] }) };

const isOutput = ({ direction, message }: Passing) =>
  direction === "to client" && message.method === "process/output";
const asks = (method: string) => (passing: Passing) =>
  passing.direction === "to server" && passing.message.method === method;

/** This fate for the n-th message that matches, for each n given. */
function onNth(
  matches: (passing: Passing) => boolean,
  fate: Fate,
  ...times: readonly number[]
): (passing: Passing) => Fate {
  let seen = 0;
  return (passing) => (matches(passing) && times.includes(++seen) ? fate : "pass");
}

/** Cuts before the reply to the first request of this method. */
function beforeReply(method: string): (passing: Passing) => Fate {
  let id: unknown;
  let done = false;
  return (passing) => {
    if (id === undefined && asks(method)(passing)) id = passing.message.id;
    const isReply = passing.direction === "to client" && id !== undefined && passing.message.id === id;
    if (!isReply || done) return "pass";
    done = true;
    return "cut before";
  };
}

function outage(ms: number) {
  return (proxy: () => LinkProxy) => {
    const cutAtSixth = onNth(isOutput, "cut after", 6);
    return (passing: Passing): Fate => {
      const fate = cutAtSixth(passing);
      if (fate === "pass") return fate;
      proxy().refuse(true);
      setTimeout(() => proxy().refuse(false), ms);
      return fate;
    };
  };
}

const resumes = (atLeast: number) => (proxy: LinkProxy) => {
  const resumed = proxy.passed.filter(({ message }) =>
    JSON.stringify(message.params ?? {}).includes('resumeSessionId":"'),
  );
  return resumed.length >= atLeast ? undefined : `the client resumed ${resumed.length} times`;
};

const ptyCommand = "echo ready; read l; echo got:$l; read m; echo bye:$m";
const conversation: readonly Step[] = [
  {
    name: "a PTY session",
    turn: () => ({ calls: [runCommand("pty", ptyCommand, { tty: true, yield_time_ms: 1500 })] }),
    check: (output, notes) => {
      rememberSession("pty", output("pty"), notes);
      return missing(output("pty"), "ready");
    },
  },
  {
    name: "a line typed while the link breaks",
    turn: ({ sessions }) => ({
      calls: [
        callTool("w1", "write_stdin", {
          session_id: sessions.get("pty"),
          chars: "ping\n",
          yield_time_ms: 4000,
        }),
      ],
    }),
  },
  {
    name: "the session still takes input",
    turn: ({ sessions }) => ({
      calls: [
        callTool("w2", "write_stdin", {
          session_id: sessions.get("pty"),
          chars: "pong\n",
          yield_time_ms: 2000,
        }),
      ],
    }),
  },
  theEnd,
];

/** After the first link is cut at the sixth output: the fate of the reply to `method` on a later connection. */
function onResume(method: string, fate: (message: Passing["message"], attempt: number) => Fate) {
  return () => {
    const cutAtSixth = onNth(isOutput, "cut after", 6);
    const asked = new Map<string, string>();
    return (passing: Passing): Fate => {
      const { direction, message, connection } = passing;
      const key = `${connection} ${message.id}`;
      if (direction === "to server" && message.method) asked.set(key, message.method);
      if (connection === 1) return cutAtSixth(passing);
      const answers = direction === "to client" && message.method === undefined && asked.get(key) === method;
      return answers ? fate(message, connection - 1) : "pass";
    };
  };
}

export const linkFailures: readonly LinkFailure[] = [
  {
    name: "cut in mid-command",
    steps: [count(), works, theEnd],
    decide: () => onNth(isOutput, "cut after", 6),
    after: resumes(1),
  },
  {
    name: "cut twice in mid-command",
    steps: [count(), works, theEnd],
    decide: () => onNth(isOutput, "cut after", 4, 10),
    after: resumes(2),
  },
  {
    name: "cut before an output message",
    steps: [count(), works, theEnd],
    decide: () => onNth(isOutput, "cut before", 5, 9, 13),
    after: resumes(3),
  },
  { name: "outage of 5 s", steps: [count(0.4), works, theEnd], decide: outage(5000), after: resumes(1) },
  {
    name: "outage through the exit",
    steps: [count(0.1), works, theEnd],
    decide: outage(6000),
    after: resumes(1),
  },
  {
    name: "start lost before the server saw it",
    steps: [echo, works, theEnd],
    decide: () => onNth(asks("process/start"), "cut before", 1),
  },
  {
    name: "start done, its reply lost",
    steps: [echo, works, theEnd],
    decide: () => beforeReply("process/start"),
  },
  {
    name: "write lost before the server saw it",
    steps: conversation,
    decide: () => onNth(asks("process/write"), "cut before", 1),
  },
  { name: "write done, its reply lost", steps: conversation, decide: () => beforeReply("process/write") },
  {
    name: "file write lost",
    steps: [
      { name: "a patch", turn: () => ({ calls: [applyPatch("patch", "*** Add File: x.txt", "+x")] }) },
      works,
      theEnd,
    ],
    decide: () => onNth(asks("fs/writeFile"), "cut before", 1),
  },
  {
    name: "cut between commands",
    steps: [
      works,
      {
        name: "a command after a pause",
        turn: async () => {
          await sleep(1000);
          return { calls: [runCommand("later", "echo after-cut")] };
        },
        check: (output) => missing(output("later"), "after-cut", "code 0"),
      },
      theEnd,
    ],
    decide: () => onNth(asks("process/terminate"), "cut after", 1),
  },
  {
    name: "session still attached for three attempts",
    steps: [count(), works, theEnd],
    decide: onResume("initialize", ({ id }, attempt) =>
      attempt <= 3
        ? { instead: { id, error: { code: -32010, message: "session is already attached" } } }
        : "pass",
    ),
    after: resumes(4),
  },
  {
    name: "resume refused",
    steps: [{ name: "resume refused", turn: count().turn }, works, theEnd],
    decide: onResume("initialize", ({ id }, attempt) =>
      attempt === 1 ? { instead: { id, error: { code: -32600, message: "unknown session id x" } } } : "pass",
    ),
  },
  {
    name: "catch-up read refused",
    steps: [{ name: "catch-up read refused", turn: count().turn }, works, theEnd],
    decide: onResume("process/read", ({ id }, attempt) =>
      attempt === 1 ? { instead: { id, error: { code: -32602, message: "unknown process id" } } } : "pass",
    ),
  },
];
