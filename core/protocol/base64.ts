import { Buffer } from "node:buffer";
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
  throw new Base64Error(base64Fault(Buffer.from(text)) ?? "Invalid padding");
}

export function encodeBase64(bytes: Uint8Array): string {
  return bytes.toBase64();
}

/** The length a canonical text decodes to. */
function decodedLength(text: string): number {
  const { length } = text;
  const padding = text.charCodeAt(length - 1) !== equals ? 0 : text.charCodeAt(length - 2) !== equals ? 1 : 2;
  return (length / 4) * 3 - padding;
}
