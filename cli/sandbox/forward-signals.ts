import { constants } from "node:os";
import { stopOurselves } from "../terminal/stop-ourselves.ts";

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

/**
 * Hands the numbers of our signals to `send`, which never rejects, until disposed. A stop stops the command and then us;
 * where nobody could make us go on, both go on by themselves.
 */
export function forwardSignals(send: (signal: number) => Promise<void>): Disposable {
  const handlers = new Map<NodeJS.Signals, () => void>();
  for (const name of forwarded) handlers.set(name, () => void send(constants.signals[name]));
  handlers.set("SIGTSTP", async () => {
    await send(constants.signals.SIGSTOP);
    stopOurselves();
    await send(constants.signals.SIGCONT);
  });
  for (const [name, handler] of handlers) process.on(name, handler);
  return {
    [Symbol.dispose]() {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}
