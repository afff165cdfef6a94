import { beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { callRules } from "../../../../core/sandbox/seccomp/call-rules.ts";
import { seccompProgram } from "../../../../core/sandbox/seccomp/seccomp-program.ts";
import { syscallNumbers } from "../../../../core/sandbox/seccomp/syscall-numbers.ts";
import { compileC } from "../../../support/compile-c.ts";
import { underFilter } from "./under-filter.ts";

const machine = process.arch === "arm64" ? "arm64" : "x64";
const numbers = syscallNumbers[machine];
const EPERM = "1";
const ENOSYS = "38";
const EBADF = "9";
const done = "0";
let program = "";

beforeAll(async () => {
  program = await compileC(join(import.meta.dir, "fixtures/make-calls.c"));
}, 120_000);

type Network = "restricted" | "enabled" | "none";

/** How each call ends: `["socket", 1, 1]` is socket(1, 1). */
function answers(network: Network, calls: readonly (readonly [string, ...number[]])[]): readonly string[] {
  const filter = network === "none" ? undefined : seccompProgram(network, machine);
  const words = calls.map(([name, ...args]) => [numbers[name], ...args].join(","));
  const { out, err, code } = underFilter(filter, [program, ...words]);
  expect([err, code]).toEqual(["", 0]);
  return out.trim().split("\n");
}

function answer(network: Network, call: readonly [string, ...number[]]): string | undefined {
  return answers(network, [call])[0];
}

describe("under the filter the real kernel", () => {
  for (const network of ["restricted", "enabled"] as const) {
    test(`refuses every call that is refused whatever its arguments: ${network}`, () => {
      const refused = [...callRules(network, "namespaces")].filter(
        ([name, rule]) => rule.kind === "refuse" && numbers[name] !== undefined,
      );
      const given = answers(
        network,
        refused.map(([name]) => [name]),
      );
      expect(refused.length).toBeGreaterThan(40);
      expect(refused.map(([name], index) => [name, given[index]])).toEqual(
        refused.map(([name]) => [name, name === "clone3" ? ENOSYS : EPERM]),
      );
    });

    test(`lets no namespace be made: ${network}`, () => {
      const kinds = [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000];
      const calls = kinds.flatMap((kind): [string, number][] => [
        ["unshare", kind],
        ["clone", kind + 17],
      ]);
      expect(new Set(answers(network, [...calls, ["unshare", 0x80]]))).toEqual(new Set([EPERM]));
      // CLONE_FILES and a plain child.
      expect(
        answers(network, [
          ["unshare", 0x400],
          ["clone", 17],
        ]),
      ).toEqual([done, done]);
    });

    test(`types into no terminal: ${network}`, () => {
      expect(answer(network, ["ioctl", 0, 0x5412])).toBe(EPERM);
      expect(answer(network, ["ioctl", 0, 0x541c])).toBe(EPERM);
      // The kernel reads 32 bits of the command: TIOCSTI is not to be hidden behind the others.
      expect(answer(network, ["ioctl", 0, 0x1_0000_5412])).toBe(EPERM);
      expect(answer(network, ["ioctl", 99, 0x5401])).toBe(EBADF);
    });

    test(`knows no call that was not judged: ${network}`, () => {
      const filter = seccompProgram(network, machine);
      expect(underFilter(filter, [program, "470", "511", "100000", "39"]).out).toBe(
        "38\n38\n38\n0\n".replace("39", "0"),
      );
    });
  }

  test.if(machine === "x64")("ends whoever calls by x32 numbers or as a 32-bit program", () => {
    const filter = seccompProgram("restricted", machine);
    const getpid = `${0x40000000 + 39}`;
    expect(underFilter(filter, [program, getpid, "int80", "39"]).out).toBe("signal 31\nsignal 31\n0\n");
  });

  test("makes only connected Unix sockets where the network is restricted", () => {
    const families = [2, 10, 16, 17, 38, 40];
    expect(
      new Set(
        answers(
          "restricted",
          families.map((family) => ["socket", family, 1]),
        ),
      ),
    ).toEqual(new Set([EPERM]));
    // Datagram and raw, alone and with SOCK_CLOEXEC; then stream and seqpacket.
    for (const call of ["socket", "socketpair"]) {
      for (const type of [2, 3, 0x80002, 0x80003]) expect(answer("restricted", [call, 1, type])).toBe(EPERM);
    }
    expect(
      answers("restricted", [
        ["socket", 1, 1],
        ["socket", 1, 0x80005],
      ]),
    ).toEqual([done, done]);
    expect(
      answers("none", [
        ["socket", 1, 2],
        ["socket", 2, 1],
        ["socket", 16, 3],
      ]),
    ).toEqual([done, done, done]);
  });

  test("makes no Unix socket where the network is open, and those of the network", () => {
    for (const type of [1, 2, 3, 5, 0x80001]) expect(answer("enabled", ["socket", 1, type])).toBe(EPERM);
    expect(answer("enabled", ["socket", 40, 1])).toBe(EPERM);
    expect(answer("enabled", ["socketpair", 1, 2])).toBe(EPERM);
    expect(
      answers("enabled", [
        ["socket", 2, 1],
        ["socket", 10, 2],
        ["socket", 16, 3],
      ]),
    ).toEqual([done, done, done]);
  });

  test("sends to the peer that a socket has, and to no address", () => {
    expect(answer("restricted", ["sendto", 99])).toBe(EBADF);
    expect(answer("restricted", ["sendto", 99, 0, 0, 0, 4096])).toBe(EPERM);
    expect(answer("restricted", ["sendto", 99, 0, 0, 0, 0x1_0000_0000])).toBe(EPERM);
    expect(answer("enabled", ["sendto", 99, 0, 0, 0, 4096])).toBe(EBADF);
  });
});
