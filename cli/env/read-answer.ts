import { readSync } from "node:fs";

/** One line from the terminal; undefined at its end. */
export function readAnswer(): string | undefined {
  const byte = new Uint8Array(1);
  let answer = "";
  while (readSync(0, byte, 0, 1, null) === 1) {
    const character = String.fromCharCode(byte[0] ?? 0);
    if (character === "\n") return answer;
    answer += character;
  }
  return undefined;
}
