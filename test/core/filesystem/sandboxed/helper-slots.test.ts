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
