import { describe, expect, test } from "bun:test";
import { assembleBpf, type BpfStep } from "../../../../core/sandbox/seccomp/assemble-bpf.ts";

const allow: BpfStep = { op: "return", value: 0x7fff0000 };

describe("a BPF program", () => {
  test("is the kernel's struct sock_filter, jumps counted from the next instruction", () => {
    const program = assembleBpf([
      { op: "load", offset: 4 },
      { op: "ifEqual", value: 0xc000003e, no: "end" },
      { op: "and", value: 0xf },
      { op: "jump", to: "end" },
      { op: "ifAtLeast", value: 5, yes: "end" },
      allow,
      { op: "label", name: "end" },
      { op: "return", value: 0x80000000 },
    ]);
    expect(Buffer.from(program).toString("hex").match(/.{16}/g)).toEqual([
      "2000000004000000",
      "150000043e0000c0",
      "540000000f000000",
      "0500000002000000",
      "3500010005000000",
      "060000000000ff7f",
      "0600000000000080",
    ]);
  });

  test("is refused with a label that is missing, twice there, or behind", () => {
    expect(() => assembleBpf([{ op: "jump", to: "nowhere" }, allow])).toThrow("nowhere is not there");
    const here: BpfStep = { op: "label", name: "here" };
    expect(() => assembleBpf([here, allow, here, allow])).toThrow("stands twice");
    expect(() => assembleBpf([here, allow, { op: "jump", to: "here" }])).toThrow("-2 instructions away");
  });

  test("may jump over 255 instructions on a condition, and not over 256", () => {
    const over = (count: number): BpfStep[] => [
      { op: "ifEqual", value: 1, yes: "end" },
      ...Array.from({ length: count }, () => allow),
      { op: "label", name: "end" },
      allow,
    ];
    expect(assembleBpf(over(255)).length).toBe(257 * 8);
    expect(() => assembleBpf(over(256))).toThrow("256 instructions away");
  });
});
