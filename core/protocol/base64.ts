import { base64Fault } from "./base64-fault.ts";

const equals = 0x3d;

/** Text that is not canonical standard base64. The message says which symbol at which offset. */
export class Base64Error extends Error {
  override readonly name = "Base64Error";
}

/** Decodes standard base64 with canonical padding; anything else throws {@link Base64Error}. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    const bytes = Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
    // fromBase64 skips white space, which the wire does not allow.
    if (bytes.length === decodedLength(text)) return bytes;
  } catch {
    // The search below finds the words for it.
  }
  throw faultOf(text);
}

/** The same into the start of `target`, which has to hold {@link decodedBytes}; the part that was written. */
export function decodeBase64Into(text: string, target: Uint8Array): Uint8Array {
  try {
    const { written } = target.setFromBase64(text, { lastChunkHandling: "strict" });
    if (written === decodedLength(text)) return target.subarray(0, written);
  } catch {
    // As above.
  }
  throw faultOf(text);
}

/** How many bytes a text decodes to at most. */
export function decodedBytes(text: string): number {
  return Math.ceil(text.length / 4) * 3;
}

export function encodeBase64(bytes: Uint8Array): string {
  return bytes.toBase64();
}

function faultOf(text: string): Base64Error {
  return new Base64Error(base64Fault(Buffer.from(text)) ?? "Invalid padding");
}

/** The length a canonical text decodes to. */
function decodedLength(text: string): number {
  const { length } = text;
  const padding = text.charCodeAt(length - 1) !== equals ? 0 : text.charCodeAt(length - 2) !== equals ? 1 : 2;
  return (length / 4) * 3 - padding;
}
