import { readFileSync } from "node:fs";

/** The signals that end the server. */
const stopSignals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

export type StopSignal = (typeof stopSignals)[number];

const numbers: Readonly<Record<StopSignal, number>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/**
 * Calls `onFirst` at the first stop signal. A second one ends the process at once, as that signal would. A
 * signal that was ignored when the process started (`nohup`) stays ignored. Returns what takes the handlers away.
 */
export function onStopSignal(onFirst: (signal: StopSignal) => void): () => void {
  const ignored = ignoredSignals();
  const heeded = stopSignals.filter((signal) => !ignored.has(numbers[signal]));
  let stopping = false;
  const handle = (signal: NodeJS.Signals) => {
    const known = heeded.find((candidate) => candidate === signal);
    if (known === undefined) return;
    if (stopping) process.exit(128 + numbers[known]);
    stopping = true;
    onFirst(known);
  };
  for (const signal of heeded) process.on(signal, handle);
  return () => {
    for (const signal of heeded) process.off(signal, handle);
  };
}

/** Numbers of the signals that this process ignores: `SigIgn` of proc(5), a hexadecimal mask. */
function ignoredSignals(): ReadonlySet<number> {
  let status: string;
  try {
    status = readFileSync("/proc/self/status", "latin1");
  } catch {
    // No procfs (macOS): signals are taken to have their default meaning.
    return new Set();
  }
  const mask = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return new Set(Object.values(numbers).filter((number) => (mask >> BigInt(number - 1)) & 1n));
}
