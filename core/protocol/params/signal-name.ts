import * as v from "valibot";
import { variant } from "../schema/variant.ts";

/** Names that process/signal takes, with Linux's numbers. The reference knows `interrupt` only. */
export const signalNumbers = {
  hangup: 1,
  interrupt: 2,
  quit: 3,
  kill: 9,
  usr1: 10,
  usr2: 12,
  alarm: 14,
  terminate: 15,
  continue: 18,
  stop: 19,
  tstp: 20,
  ttin: 21,
  ttou: 22,
  winch: 28,
} as const;

export type SignalName = keyof typeof signalNumbers;

/** The POSIX spellings of the same signals. */
const posixNames = {
  SIGHUP: "hangup",
  SIGINT: "interrupt",
  SIGQUIT: "quit",
  SIGKILL: "kill",
  SIGUSR1: "usr1",
  SIGUSR2: "usr2",
  SIGALRM: "alarm",
  SIGTERM: "terminate",
  SIGCONT: "continue",
  SIGSTOP: "stop",
  SIGTSTP: "tstp",
  SIGTTIN: "ttin",
  SIGTTOU: "ttou",
  SIGWINCH: "winch",
} as const satisfies Record<string, SignalName>;

type PosixName = keyof typeof posixNames;

// Object.keys gives exactly the literal keys of these two constant tables.
const names = [...Object.keys(signalNumbers), ...Object.keys(posixNames)] as (SignalName | PosixName)[];

/** A signal by either spelling; gives the first. An unknown one is refused in the reference's words. */
export const signalName = v.pipe(
  variant(names, ["interrupt"]),
  v.transform(
    (name): SignalName => (name in posixNames ? posixNames[name as PosixName] : (name as SignalName)),
  ),
);
