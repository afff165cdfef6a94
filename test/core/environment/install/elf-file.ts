/** The head of an ELF file for a machine (62 is x86-64, 183 AArch64) whose loader has this path; null: it needs none. */
export function elfFile(machine: number, loader: string | null): Uint8Array {
  const bytes = new Uint8Array(256);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(18, machine, true);
  view.setBigUint64(32, 64n, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 1, true);
  if (loader === null) return bytes;
  view.setUint32(64, 3, true);
  view.setBigUint64(72, 128n, true);
  view.setBigUint64(96, BigInt(loader.length + 1), true);
  new TextEncoder().encodeInto(loader, bytes.subarray(128));
  return bytes;
}
