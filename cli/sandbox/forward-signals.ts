import { constants } from "node:os";

const forwarded = [
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGTERM",
  "SIGUSR1",
  "SIGUSR2",
  "SIGALRM",
  "SIGWINCH",
] as const;

/** Hands the numbers of our signals to `send` until disposed. A stop stops the command and then us. */
export function forwardSignals(send: (signal: number) => void): Disposable {
  const handlers = new Map<NodeJS.Signals, () => void>();
  for (const name of forwarded) handlers.set(name, () => send(constants.signals[name]));
  handlers.set("SIGTSTP", () => {
    send(constants.signals.SIGSTOP);
    process.kill(process.pid, "SIGSTOP");
    send(constants.signals.SIGCONT);
  });
  for (const [name, handler] of handlers) process.on(name, handler);
  return {
    [Symbol.dispose]() {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}
