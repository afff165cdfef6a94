import { expect, test } from "bun:test";
import { limits } from "../../../../core/limits.ts";
import { DroppedPositions } from "../../../../core/process/log/dropped-positions.ts";

test("positions of dropped events are exact for as many as the limit says, and never too large before them", () => {
  const positions = new DroppedPositions();
  const every = limits.droppedPositions;
  const total = 5 * every + 7;
  for (let seq = 1; seq <= total; seq++) positions.push(seq * 3);
  expect(positions.endOf(0)).toBe(0);
  for (let seq = total; seq > total - every; seq -= 997) expect(positions.endOf(seq)).toBe(seq * 3);
  for (let seq = 1; seq <= total; seq += 9973) {
    expect(positions.endOf(seq)).toBeLessThanOrEqual(seq * 3);
    expect(positions.endOf(seq)).toBeGreaterThan((seq - every) * 3);
  }
});
