import { limits } from "../../limits.ts";

let waiting = 0;
let last: Promise<unknown> = Promise.resolve();

/** Whether so many wait that nobody else may. */
export function isCrowded(): boolean {
  return waiting >= limits.peerChecksWaiting;
}

/**
 * Does one thing after the other, with a pause after each that grows with what it took: however many ask, most of the
 * time is left to those who are in.
 */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  waiting++;
  const done = last.then(async () => {
    waiting--;
    const start = performance.now();
    try {
      return { result: await work() };
    } finally {
      pauseMs = Math.min((performance.now() - start) * 4, limits.peerCheckPauseMs);
    }
  });
  let pauseMs = 0;
  last = done.then(
    () => Bun.sleep(pauseMs),
    () => Bun.sleep(pauseMs),
  );
  return done.then(({ result }) => result);
}
