/** One step of a classic BPF program, as far as a seccomp filter needs it. Conditional jumps fall through where they name no label. */
export type BpfStep =
  /** Puts the 32-bit word at this byte of `struct seccomp_data` into the accumulator. */
  | { readonly op: "load"; readonly offset: number }
  | { readonly op: "and"; readonly value: number }
  | {
      readonly op: "ifEqual" | "ifAtLeast";
      readonly value: number;
      readonly yes?: string;
      readonly no?: string;
    }
  | { readonly op: "jump"; readonly to: string }
  | { readonly op: "return"; readonly value: number }
  /** A place to jump to; takes no room. */
  | { readonly op: "label"; readonly name: string };

/** linux/bpf_common.h: class, size or operation, and mode or source, added up. */
const codes = { load: 0x20, and: 0x54, ifEqual: 0x15, ifAtLeast: 0x35, jump: 0x05, return: 0x06 } as const;

/** Bytes of `struct sock_filter`: u16 code, u8 jt, u8 jf, u32 k. */
const instructionBytes = 8;

/** linux/bpf_common.h: BPF_MAXINSNS. */
const maxInstructions = 4096;

/**
 * The program as an array of `struct sock_filter`, little-endian. Throws on what cannot be encoded: an unknown label,
 * a jump backwards, a conditional jump over more than 255 instructions.
 */
export function assembleBpf(steps: readonly BpfStep[]): Uint8Array {
  const places = new Map<string, number>();
  let count = 0;
  for (const step of steps) {
    if (step.op !== "label") count++;
    else if (places.has(step.name)) throw new Error(`label ${step.name} stands twice`);
    else places.set(step.name, count);
  }
  if (count > maxInstructions) throw new Error(`${count} instructions are more than ${maxInstructions}`);
  const distance = (label: string | undefined, from: number, most: number): number => {
    if (label === undefined) return 0;
    const place = places.get(label);
    if (place === undefined) throw new Error(`label ${label} is not there`);
    const skipped = place - from - 1;
    if (skipped < 0 || skipped > most) throw new Error(`label ${label} is ${skipped} instructions away`);
    return skipped;
  };
  const program = new DataView(new ArrayBuffer(count * instructionBytes));
  let index = 0;
  for (const step of steps) {
    if (step.op === "label") continue;
    const at = index * instructionBytes;
    program.setUint16(at, codes[step.op], true);
    switch (step.op) {
      case "ifEqual":
      case "ifAtLeast":
        program.setUint8(at + 2, distance(step.yes, index, 255));
        program.setUint8(at + 3, distance(step.no, index, 255));
        program.setUint32(at + 4, step.value, true);
        break;
      case "jump":
        program.setUint32(at + 4, distance(step.to, index, maxInstructions), true);
        break;
      case "load":
        program.setUint32(at + 4, step.offset, true);
        break;
      case "and":
      case "return":
        program.setUint32(at + 4, step.value, true);
        break;
    }
    index++;
  }
  return new Uint8Array(program.buffer);
}
