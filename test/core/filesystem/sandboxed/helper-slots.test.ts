import { expect, test } from "bun:test";
import { HelperSlots } from "../../../../core/filesystem/sandboxed/pool/helper-slots.ts";
import { limits } from "../../../../core/limits.ts";

test("no more helpers than the limit have a place; who waits gets the next that is given back, in order", async () => {
  const slots = new HelperSlots();
  const taken = await Promise.all(Array.from({ length: limits.fsHelpers }, () => slots.take()));
  const order: number[] = [];
  const waiting = [1, 2].map(async (number) => {
    const giveBack = await slots.take();
    order.push(number);
    return giveBack;
  });
  await Bun.sleep(0);
  expect(order).toEqual([]);
  // Given back twice is given back once.
  taken[0]?.();
  taken[0]?.();
  await waiting[0];
  await Bun.sleep(0);
  expect(order).toEqual([1]);
  taken[1]?.();
  await Promise.all(waiting);
  expect(order).toEqual([1, 2]);
});

test("who finds no place gets that of the helper that has been idle for longest", async () => {
  const slots = new HelperSlots();
  const taken = await Promise.all(Array.from({ length: limits.fsHelpers }, () => slots.take()));
  const ended: string[] = [];
  const idle = (name: string, giveBack: (() => void) | undefined) => () => {
    ended.push(name);
    giveBack?.();
  };
  const busyAgain = idle("busy again", taken[0]);
  slots.offer(busyAgain);
  slots.offer(idle("first", taken[1]));
  slots.offer(idle("second", taken[2]));
  slots.takeBack(busyAgain);
  const giveBack = await slots.take();
  expect(ended).toEqual(["first"]);
  expect(slots.wanted).toBe(false);
  giveBack();
});
