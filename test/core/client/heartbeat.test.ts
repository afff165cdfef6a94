import { expect, test } from "bun:test";
import { Heartbeat } from "../../../core/client/heartbeat.ts";
import { Chance } from "../../simulation/chance.ts";
import { VirtualClock } from "../../simulation/virtual-clock.ts";
import { inWorld } from "../../simulation/virtual-world.ts";

interface Life {
  /** Until when everything that is asked is answered, ms. */
  readonly answersUntilMs: number;
  readonly heldUntilMs?: number;
}

/** When the other side is given up, ms, and how often it was asked. */
function listen({ answersUntilMs, heldUntilMs = 0 }: Life): { givenUpAt: number | undefined; asked: number } {
  const clock = new VirtualClock();
  return inWorld({ clock, chance: new Chance(1), connect: async () => undefined }, () => {
    let givenUpAt: number | undefined;
    let asked = 0;
    const heartbeat = new Heartbeat({
      isHeld: () => clock.now < heldUntilMs,
      ask() {
        asked += 1;
        if (clock.now < answersUntilMs) clock.set(() => heartbeat.heard(), 200);
      },
      giveUp() {
        givenUpAt = clock.now;
      },
    });
    clock.run(300_000, () => givenUpAt !== undefined);
    heartbeat.stop();
    return { givenUpAt, asked };
  });
}

test("a side that is silent is asked, and given up within 20 s of its last word", () => {
  const { givenUpAt = 0, asked } = listen({ answersUntilMs: 61_000 });
  expect(asked).toBeGreaterThan(5);
  expect(givenUpAt).toBeGreaterThan(61_000);
  expect(givenUpAt).toBeLessThan(61_000 + 20_000);
});

test("a side that always answers is never given up", () => {
  expect(listen({ answersUntilMs: 1e9 }).givenUpAt).toBeUndefined();
});

test("while we do not read, silence says nothing", () => {
  expect(listen({ answersUntilMs: 0, heldUntilMs: 100_000 }).givenUpAt).toBeGreaterThan(110_000);
});
