export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks every 10 ms for at most `ms`; for facts of the machine that send no event. */
export async function until(isTrue: () => boolean, ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    if (isTrue()) return true;
    await sleep(10);
  }
  return isTrue();
}
