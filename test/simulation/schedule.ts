import type { SignalName } from "../../core/process/process-backend.ts";
import { Chance } from "./chance.ts";
import type { Script } from "./scripted-process.ts";

/** What befalls the link or the server, and when, ms. */
export type Fault = { readonly atMs: number } & (
  | { readonly kind: "cut"; readonly hears: "both" | "client" | "server" | "nobody" }
  | { readonly kind: "weather"; readonly weather: "refuses" | "swallows" | "delays"; readonly forMs: number }
  /** Somebody else resumes the session while it is free, and holds it. */
  | { readonly kind: "intruder"; readonly forMs: number }
  /** Retention lets go of the oldest events that were sent. */
  | { readonly kind: "forgets"; readonly events: number }
  | { readonly kind: "reconnect" }
  | { readonly kind: "restart"; readonly forMs: number; readonly told: boolean }
);

/** What the application does with one process; times are from its start, ms. */
export interface Work {
  readonly script: Script;
  readonly atMs: number;
  readonly writes: readonly number[];
  readonly signals: readonly { readonly atMs: number; readonly name: SignalName }[];
  readonly terminateAtMs: number | undefined;
  /** How long its reader takes over each event, ms. */
  readonly readerMs: number;
}

/** One run: everything that happens in it follows from the seed. */
export interface Schedule {
  readonly seed: number;
  /** The session may end: the server restarts, or the link stays away for longer than the session lives. */
  readonly harsh: boolean;
  readonly ttlSeconds: number;
  readonly latencyMs: number;
  readonly capacity: number;
  /** Buffers and answers are so small that each limit is met. */
  readonly narrow: boolean;
  readonly faults: readonly Fault[];
  readonly windowMs: number;
  readonly works: readonly Work[];
  readonly asks: readonly number[];
  /** The application writes at the very moment at which the link is back. */
  readonly eager: boolean;
  /** It speaks to a bridge, which keeps the link. */
  readonly bridged: boolean;
}

const signalNames = ["SIGUSR1", "SIGUSR2", "SIGHUP", "SIGWINCH"] as const;

export function makeSchedule(seed: number): Schedule {
  const chance = new Chance(seed);
  const harsh = chance.oneIn(3);
  const windowMs = chance.pick([2_000, 10_000, 55_000]);
  const ttlSeconds = harsh ? chance.pick([3, 20, 80]) : 80;
  const times = (most: number, withinMs: number) =>
    Array.from({ length: chance.whole(0, most) }, () => chance.whole(0, withinMs)).sort((a, b) => a - b);
  return {
    seed,
    harsh,
    ttlSeconds,
    windowMs,
    latencyMs: chance.pick([1, 20, 150]),
    capacity: chance.pick([400, 4_000, 65_536]),
    narrow: chance.oneIn(2),
    faults: times(8, windowMs).map((atMs) => fault(chance, { atMs, harsh, windowMs })),
    works: Array.from({ length: chance.whole(1, 3) }, (_, index) => work(chance, { index, windowMs })),
    asks: times(3, windowMs),
    eager: chance.oneIn(2),
    bridged: chance.oneIn(3),
  };
}

function fault(
  chance: Chance,
  { atMs, harsh, windowMs }: { readonly atMs: number; readonly harsh: boolean; readonly windowMs: number },
): Fault {
  const forMs = chance.whole(10, harsh ? 120_000 : windowMs / 4);
  if (harsh && chance.oneIn(6)) return { atMs, kind: "restart", forMs, told: chance.oneIn(2) };
  switch (chance.whole(0, 9)) {
    case 0:
    case 1:
      return { atMs, kind: "weather", weather: chance.pick(["refuses", "swallows", "delays"]), forMs };
    case 2:
      return { atMs, kind: "intruder", forMs: Math.min(forMs, 10_000) };
    case 3:
      return { atMs, kind: "forgets", events: chance.whole(1, 20) };
    case 4:
      return { atMs, kind: "reconnect" };
    default:
      return {
        atMs,
        kind: "cut",
        hears: chance.pick(["both", "both", "both", "client", "server", "nobody"]),
      };
  }
}

function work(
  chance: Chance,
  { index, windowMs }: { readonly index: number; readonly windowMs: number },
): Work {
  const lines = chance.whole(0, 24);
  const livesMs = windowMs;
  return {
    script: {
      name: `p${index}`,
      lines,
      everyMs: Math.max(1, Math.floor((livesMs * chance.next()) / Math.max(1, lines))),
      size: chance.pick([12, 80, 900]),
    },
    atMs: chance.whole(0, windowMs / 2),
    writes: Array.from({ length: chance.whole(0, 12) }, () => chance.whole(0, livesMs / 6)),
    signals: signalNames
      .slice(0, chance.whole(0, signalNames.length))
      .map((name) => ({ name, atMs: chance.whole(0, livesMs) })),
    terminateAtMs: chance.oneIn(4) ? chance.whole(0, livesMs) : undefined,
    readerMs: chance.oneIn(3) ? chance.whole(1, 400) : 0,
  };
}
