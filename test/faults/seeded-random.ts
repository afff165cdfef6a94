/** Numbers from 0 to 1, the same for the same seed (mulberry32). A failing run names its seed: FAULTS_SEED repeats it. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const seed: number = Number(process.env["FAULTS_SEED"] ?? 20261121);

/** Set by FAULTS_LONG: the same tests with the volumes and counts of a night, not of a gate. */
export const long: boolean = process.env["FAULTS_LONG"] !== undefined;
