import { expect, test } from "bun:test";
import fc from "fast-check";
import { formatBytes, formatDuration } from "../../../cli/terminal/format.ts";
import { RateMeter, renderProgress } from "../../../cli/terminal/progress-bar.ts";

test("a progress line is never as wide as the terminal, whatever it shows", () => {
  const view = fc.record({
    label: fc.string(),
    done: fc.nat({ max: 2 ** 40 }),
    total: fc.nat({ max: 2 ** 40 }),
    bytesPerSecond: fc.nat({ max: 2 ** 33 }),
    columns: fc.integer({ min: 2, max: 300 }),
  });
  fc.assert(fc.property(view, (given) => expect(renderProgress(given).length).toBeLessThan(given.columns)));
});

test("a progress line shows bar, percent, bytes, rate and time left", () => {
  const line = renderProgress({
    label: "file.bin",
    done: 50 * 1024 * 1024,
    total: 100 * 1024 * 1024,
    bytesPerSecond: 10 * 1024 * 1024,
    columns: 100,
  });
  expect(line).toBe("file.bin [###############---------------]  50% 50 MiB 10 MiB/s 5.0s");
});

test("a progress line of a file that came at once shows neither a rate nor a time", () => {
  const line = renderProgress({ label: "tiny", done: 8, total: 8, bytesPerSecond: 0, columns: 80 });
  expect(line).toBe("tiny [##############################] 100% 8 B");
});

test("the rate follows what arrives", () => {
  let now = 0;
  const meter = new RateMeter(() => now);
  for (let second = 0; second < 20; second++) {
    meter.add(1_000);
    now += 1_000;
    void meter.bytesPerSecond;
  }
  expect(meter.bytesPerSecond).toBe(1_000);
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KiB"],
  [20 * 1024 ** 2, "20 MiB"],
  [5 * 1024 ** 5, "5120 TiB"],
])("%i bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test.each([
  [0, "0.0s"],
  [9_949, "9.9s"],
  [59_400, "59s"],
  [185_000, "3m05s"],
  [7_620_000, "2h07m"],
])("%i ms are %s", (ms, text) => expect(formatDuration(ms)).toBe(text));
