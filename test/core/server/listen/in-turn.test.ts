import { expect, test } from "bun:test";
import { limits } from "../../../../core/limits.ts";
import { inTurn, isCrowded } from "../../../../core/server/listen/in-turn.ts";

test("one check is done after the other, in order, whatever fails", async () => {
  const told: string[] = [];
  const check = (name: string) =>
    inTurn(async () => {
      told.push(`${name} begins`);
      await Promise.resolve();
      told.push(`${name} ends`);
      if (name === "b") throw new Error("failed");
      return name;
    });
  const all = await Promise.allSettled(["a", "b", "c"].map(check));
  expect(all.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(told).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("who comes when so many wait is told, and room is made by each that is done", async () => {
  expect(isCrowded()).toBe(false);
  const gate = Promise.withResolvers<void>();
  const all = Array.from({ length: limits.peerChecksWaiting + 1 }, () => inTurn(() => gate.promise));
  expect(isCrowded()).toBe(true);
  gate.resolve();
  await all[1];
  expect(isCrowded()).toBe(false);
  await Promise.all(all);
});
