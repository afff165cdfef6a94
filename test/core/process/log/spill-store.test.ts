import { describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, statfsSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { limits } from "../../../../core/limits.ts";
import { SpillStore } from "../../../../core/process/log/spill-store.ts";

const bytesOf = (length: number, filling: number): Uint8Array => new Uint8Array(length).fill(filling);

describe("SpillStore", () => {
  test("takes bytes up to its capacity, one more is refused, and room returns with the last run of a file", () => {
    using store = new SpillStore({ capacity: 100 });
    const first = store.write(bytesOf(60, 1));
    const second = store.write(bytesOf(40, 2));
    expect(store.bytes).toBe(100);
    expect(store.write(bytesOf(1, 3))).toBeUndefined();
    if (first === undefined || second === undefined) throw new Error("there was room");
    expect(store.read(first, 60)).toEqual(bytesOf(60, 1));
    store.release(first);
    expect(store.write(bytesOf(1, 3))).toBeUndefined();
    expect(store.read(second, 40)).toEqual(bytesOf(40, 2));
    store.release(second);
    expect(store.bytes).toBe(0);
    expect(store.write(bytesOf(100, 4))).toBeDefined();
  });

  test("files have no name, and are let go one by one as their output is", () => {
    const directory = mkdtempSync("/tmp/codex-env-spill-");
    const before = process.env["TMPDIR"];
    process.env["TMPDIR"] = directory;
    const files = () => readdirSync("/proc/self/fd").length;
    try {
      using store = new SpillStore();
      const atFirst = files();
      const runs = Array.from({ length: 3 }, () => store.write(bytesOf(limits.spillSegmentBytes, 7)));
      expect([files() - atFirst, readdirSync(directory)]).toEqual([3, []]);
      for (const [index, run] of runs.entries()) {
        if (run === undefined) throw new Error("there was room");
        store.release(run);
        expect(files() - atFirst).toBe(2 - index);
      }
    } finally {
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
      rmSync(directory, { recursive: true });
    }
  });

  test("its files had no name at any time, so nobody could open one by it", async () => {
    const directory = mkdtempSync("/tmp/codex-env-spill-");
    const before = process.env["TMPDIR"];
    const seen: (string | null)[] = [];
    const last = Promise.withResolvers<void>();
    const watcher = watch(directory, (_, name) => {
      seen.push(name);
      if (name === "last") last.resolve();
    });
    try {
      process.env["TMPDIR"] = directory;
      using store = new SpillStore();
      const run = store.write(bytesOf(10, 1));
      writeFileSync(join(directory, "last"), "");
      await last.promise;
      expect(run).toBeDefined();
      // `#1234` is how the kernel tells of a file that has none.
      expect(seen.filter((name) => name !== "last" && !name?.startsWith("#"))).toEqual([]);
    } finally {
      watcher.close();
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
      rmSync(directory, { recursive: true });
    }
  });

  const isRoot = process.getuid?.() === 0;
  if (!isRoot) console.warn("skipped: a disk to fill is mounted, and that takes root");
  test.skipIf(!isRoot)(
    "on a disk that is full it keeps nothing, and goes on when there is room",
    async () => {
      const disk = mkdtempSync("/tmp/codex-env-disk-");
      const mounted = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]).exitCode === 0;
      const before = process.env["TMPDIR"];
      try {
        if (!mounted)
          return console.warn("skipped: mounting is not allowed here, so there is no disk to fill");
        process.env["TMPDIR"] = disk;
        using store = new SpillStore();
        const kept = store.write(bytesOf(300_000, 1));
        const hog = join(disk, "hog");
        writeFileSync(hog, new Uint8Array(statfsSync(disk).bavail * statfsSync(disk).bsize - 8192));
        expect(store.write(bytesOf(100_000, 2))).toBeUndefined();
        expect(store.bytes).toBe(300_000);
        rmSync(hog);
        // It is not asked at once: each refusal of a full disk costs time.
        expect(store.write(bytesOf(100_000, 3))).toBeUndefined();
        await Bun.sleep(limits.spillRetryMs + 20);
        const later = store.write(bytesOf(100_000, 4));
        if (kept === undefined || later === undefined) throw new Error("there was room");
        expect(store.read(kept, 300_000)).toEqual(bytesOf(300_000, 1));
        expect(store.read(later, 100_000)).toEqual(bytesOf(100_000, 4));
      } finally {
        if (before === undefined) delete process.env["TMPDIR"];
        else process.env["TMPDIR"] = before;
        if (mounted) Bun.spawnSync(["umount", "-l", disk]);
        rmSync(disk, { recursive: true });
      }
    },
  );
});
