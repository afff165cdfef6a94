import { constants } from "node:os";

/** The names of `process/signal` beyond Linux's own SIGxxx. */
const NAMES: Readonly<Record<string, keyof typeof constants.signals>> = {
  interrupt: "SIGINT",
  terminate: "SIGTERM",
  hangup: "SIGHUP",
  quit: "SIGQUIT",
  kill: "SIGKILL",
  stop: "SIGSTOP",
  tstp: "SIGTSTP",
  continue: "SIGCONT",
  usr1: "SIGUSR1",
  usr2: "SIGUSR2",
  winch: "SIGWINCH",
};

/** Linux's number of a signal name as the wire gives it; undefined for a name that is none. */
export function signalNumber(name: string): number | undefined {
  const signals: Readonly<Record<string, number>> = constants.signals;
  return signals[NAMES[name] ?? name];
}
