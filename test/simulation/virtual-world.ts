import { Chance } from "./chance.ts";
import { type Substitute, withSubstitutes } from "./substitute.ts";
import type { VirtualClock } from "./virtual-clock.ts";

type Act = (...args: unknown[]) => void;

export interface World {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  /** In the place of `Bun.connect`. */
  readonly connect: (options: unknown) => Promise<unknown>;
}

/**
 * Runs `work` with the clock, the timers, the chance and the sockets of `world` in the place of the real ones: core
 * runs as it is, and what it does depends on the seed alone. `work` must not wait for anything real.
 */
export function inWorld<T>(world: World, work: () => T): T {
  return withSubstitutes([...timers(world.clock), ...surroundings(world)], work);
}

function timers(clock: VirtualClock): Substitute[] {
  const timer =
    (repeats: boolean) =>
    (act: Act, delay?: number, ...args: unknown[]) =>
      clock.set(() => act(...args), delay ?? 0, repeats);
  const clear = (set: unknown) => clock.clear(set);
  const owner = globalThis;
  return [
    { owner, name: "setTimeout", value: timer(false) },
    { owner, name: "setInterval", value: timer(true) },
    {
      owner,
      name: "setImmediate",
      value: (act: Act, ...args: unknown[]) => clock.set(() => act(...args), 0),
    },
    { owner, name: "clearTimeout", value: clear },
    { owner, name: "clearInterval", value: clear },
    { owner, name: "clearImmediate", value: clear },
    { owner: performance, name: "now", value: () => clock.now },
    {
      owner: Bun,
      name: "sleep",
      value: (ms: number) => new Promise<void>((resume) => clock.set(resume, ms)),
    },
  ];
}

function surroundings({ chance, connect }: World): Substitute[] {
  // Of their own: masks are taken from a pool that outlives a run.
  const masks = new Chance(1);
  const getRandomValues = (bytes: Uint8Array) => {
    masks.fill(bytes);
    return bytes;
  };
  return [
    { owner: Math, name: "random", value: chance.next },
    { owner: crypto, name: "randomUUID", value: () => uuid(chance) },
    { owner: crypto, name: "getRandomValues", value: getRandomValues },
    { owner: Bun, name: "connect", value: connect },
  ];
}

function uuid(chance: Chance): string {
  const hex = Array.from({ length: 32 }, () => chance.whole(0, 15).toString(16)).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
