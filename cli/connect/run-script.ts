import { limits } from "../../core/limits.ts";
import { LineSplitter } from "../../core/transport/line-splitter.ts";
import { evaluate } from "./evaluate.ts";
import { LineScanner } from "./line-scanner.ts";
import type { Repl } from "./repl.ts";

/** Runs the lines that stdin gives, one after the other, and resolves to the last exit code. */
export async function runScript(repl: Repl): Promise<number> {
  let scanner: LineScanner | undefined;
  for await (const line of stdinLines()) {
    scanner ??= new LineScanner();
    if (scanner.push(line) !== undefined) continue;
    const { text } = scanner;
    scanner = undefined;
    await evaluate(repl, text);
    if (repl.quitWith !== undefined) return repl.quitWith;
  }
  // Something is missing; the shell says what.
  if (scanner !== undefined) await evaluate(repl, scanner.text);
  return repl.quitWith ?? repl.lastExit;
}

async function* stdinLines(): AsyncGenerator<string> {
  const splitter = new LineSplitter(limits.incomingMessageBytes, { keepBlank: true });
  const lines: string[] = [];
  for await (const bytes of Bun.stdin.stream()) {
    splitter.push(bytes, (line) => lines.push(line));
    yield* lines.splice(0);
  }
  splitter.end((line) => lines.push(line));
  yield* lines;
}
