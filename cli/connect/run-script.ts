import { limits } from "../../core/limits.ts";
import { LineSplitter } from "../../core/transport/line-splitter.ts";
import { evaluate } from "./evaluate.ts";
import type { Repl } from "./repl.ts";
import { scanLine } from "./scan-line.ts";

/** Runs the lines that stdin gives, one after the other, and resolves to the last exit code. */
export async function runScript(repl: Repl): Promise<number> {
  let text = "";
  for await (const line of stdinLines()) {
    text = text === "" ? line : `${text}\n${line}`;
    if (scanLine(text).unfinished !== undefined) continue;
    await evaluate(repl, text);
    text = "";
    if (repl.quitWith !== undefined) return repl.quitWith;
  }
  // Something is missing; the shell says what.
  if (text !== "") await evaluate(repl, text);
  return repl.quitWith ?? repl.shell.lastExit;
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
