/** The signals that end the server, with their numbers. */
const stopSignals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

export type StopSignal = keyof typeof stopSignals;

/**
 * Calls `onFirst` at the first stop signal. A second one ends the process at once, as that signal would. A
 * hang-up that was ignored when the process started (`nohup`) stays ignored. Resolves when all are heeded.
 */
export async function onStopSignal(onFirst: (signal: StopSignal) => void): Promise<void> {
  let stopping = false;
  const heed = (signal: StopSignal) => {
    process.on(signal, () => {
      if (stopping) process.exit(128 + stopSignals[signal]);
      stopping = true;
      onFirst(signal);
    });
  };
  heed("SIGTERM");
  heed("SIGINT");
  if (!(await startedIgnoring(stopSignals.SIGHUP))) heed("SIGHUP");
}

/** Whether this process ignores a signal: `SigIgn` of proc(5) is a hexadecimal mask. */
async function startedIgnoring(number: number): Promise<boolean> {
  let status: string;
  try {
    // Read while the listener is opened; node:fs would take a millisecond to load.
    status = await Bun.file("/proc/self/status").text();
  } catch {
    // No procfs (macOS): the signal is taken to have its default meaning.
    return false;
  }
  const mask = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return ((mask >> BigInt(number - 1)) & 1n) === 1n;
}
