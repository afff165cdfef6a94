import type { TerminalControl } from "./terminal-control.ts";

/** Ctrl-C came before the work was done. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

/**
 * Does work that no program gets the keys of. At a terminal Ctrl-C gives it up: its signal is aborted, InterruptedError
 * is what comes of it, and what it still brings about is nobody's.
 */
export async function untilInterrupted<T>(
  terminal: TerminalControl | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  if (terminal === undefined) return await work(abort.signal);
  const given = Promise.withResolvers<never>();
  const interrupt = () => {
    const error = new InterruptedError("given up");
    abort.abort(error);
    given.reject(error);
  };
  process.on("SIGINT", interrupt);
  // After the handler, and ended before it: without one the key would end this program.
  const mode = terminal.makeSignals();
  try {
    const working = work(abort.signal);
    working.catch(() => {});
    return await Promise.race([working, given.promise]);
  } finally {
    mode[Symbol.dispose]();
    process.off("SIGINT", interrupt);
  }
}
