/** A call as `struct seccomp_data` shows it to a filter. */
export interface SeccompCall {
  readonly number: number;
  readonly arch: number;
  readonly args: readonly bigint[];
}

/** Runs a filter as the kernel would: what it returns, and how many instructions that took. Throws on what the kernel refuses to load. */
export function runBpf(program: Uint8Array, call: SeccompCall): { verdict: number; steps: number } {
  const code = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, call.number, true);
  data.setUint32(4, call.arch, true);
  call.args.forEach((value, index) => {
    data.setBigUint64(16 + 8 * index, value, true);
  });
  let accumulator = 0;
  let steps = 0;
  for (let at = 0; at < program.length; at += 8) {
    steps++;
    const k = code.getUint32(at + 4, true);
    const yes = code.getUint8(at + 2);
    const no = code.getUint8(at + 3);
    switch (code.getUint16(at, true)) {
      case 0x20:
        if (k % 4 !== 0 || k >= 64) throw new Error(`load of ${k}`);
        accumulator = data.getUint32(k, true);
        break;
      case 0x54:
        accumulator = (accumulator & k) >>> 0;
        break;
      case 0x15:
        at += 8 * (accumulator === k ? yes : no);
        break;
      case 0x35:
        at += 8 * (accumulator >= k ? yes : no);
        break;
      case 0x05:
        at += 8 * k;
        break;
      case 0x06:
        return { verdict: k, steps };
      default:
        throw new Error(`instruction ${code.getUint16(at, true).toString(16)} at ${at / 8}`);
    }
  }
  throw new Error("ran past the end");
}
