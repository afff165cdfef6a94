import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { seccompProgram } from "../../../../core/sandbox/seccomp/seccomp-program.ts";
import { syscallNumbers } from "../../../../core/sandbox/seccomp/syscall-numbers.ts";
import { ALLOW, expectedVerdict, type Filter, KILL } from "./expected-verdict.ts";
import { runBpf, type SeccompCall } from "./run-bpf.ts";

const archs = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;

const filters: readonly Filter[] = (["restricted", "enabled"] as const).flatMap((network) =>
  (["x64", "arm64"] as const).flatMap((machine) =>
    (["namespaces", "landlock"] as const).map((surroundings) => ({ network, machine, surroundings })),
  ),
);

/** Flags, families and commands that rules look for, each bit alone or with others, and with dirt in the upper half. */
const argument: fc.Arbitrary<bigint> = fc.oneof(
  fc.constantFrom(
    0n,
    1n,
    2n,
    3n,
    4n,
    5n,
    10n,
    16n,
    38n,
    40n,
    0x5401n,
    0x5412n,
    0x541cn,
    0x40086602n,
    0x401c5820n,
    0x40087602n,
    0x40086604n,
    0x800c6613n,
    0x40806685n,
    0x5000940en,
    0x40049409n,
    0x4020940dn,
    0xc0189436n,
    0x80n,
    0x11n,
  ),
  fc.constantFrom(
    0x80001n,
    0x80002n,
    0x80005n,
    0x801n,
    0x15n,
    0x1_0000_0001n,
    0x1_0000_0000n,
    0x1_0000_5412n,
  ),
  fc.integer({ min: 0, max: 31 }).map((bit) => 1n << BigInt(bit)),
  fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
);

function callFor(filter: Filter): fc.Arbitrary<SeccompCall> {
  const known = Object.values(syscallNumbers[filter.machine]).filter((number) => number !== undefined);
  return fc.record({
    number: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...known) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 520 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff_ffff }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 520 }).map((number) => number + 0x4000_0000) },
      { weight: 1, arbitrary: fc.constantFrom(0xffff_ffff, 0x3fff_ffff, 0x4000_0000, 469, 470) },
    ),
    arch: fc.oneof(
      { weight: 12, arbitrary: fc.constant(archs[filter.machine]) },
      { weight: 1, arbitrary: fc.constantFrom(0x40000003, 0x40000028, 0xc000003e, 0xc00000b7, 0) },
    ),
    args: fc.tuple(argument, argument, argument, argument, argument, argument),
  });
}

describe("a seccomp filter", () => {
  for (const filter of filters) {
    const { network, machine, surroundings } = filter;
    const program = seccompProgram(network, machine, surroundings);
    const title = `${network}, ${machine}, ${surroundings}`;

    test(`says of random calls what the plain model says: ${title}`, () => {
      fc.assert(
        fc.property(callFor(filter), (call) => {
          expect(runBpf(program, call).verdict).toBe(expectedVerdict(filter, call));
        }),
        { numRuns: 2_000 },
      );
    });

    test(`says of every number with no arguments what the plain model says: ${title}`, () => {
      for (let number = 0; number < 600; number++) {
        const call = { number, arch: archs[machine], args: [0n, 0n, 0n, 0n, 0n, 0n] };
        expect(runBpf(program, call).verdict).toBe(expectedVerdict(filter, call));
      }
    });

    test(`is short, and answers every number after few comparisons: ${title}`, () => {
      expect(program.length / 8).toBeLessThan(400);
      for (let number = 0; number < 600; number++) {
        const call = { number, arch: archs[machine], args: [0n, 0n, 0n, 0n, 0n, 0n] };
        expect(runBpf(program, call).steps).toBeLessThan(30);
      }
    });
  }

  test("ends a process that comes by another architecture, whatever it calls", () => {
    const program = seccompProgram("restricted", "x64");
    const call = { number: 20, arch: 0x40000003, args: [0n, 0n, 0n, 0n, 0n, 0n] };
    expect(runBpf(program, call).verdict).toBe(KILL);
    expect(runBpf(program, { ...call, arch: archs.x64 }).verdict).toBe(ALLOW);
  });
});
