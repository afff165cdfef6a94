import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { limits } from "../../core/limits.ts";
import { stateDirectory } from "../link/state-directory.ts";

/** The file may grow to this many times that before it is cut. */
const slack = 2;

/** What was typed, over all runs. Only its owner can read the file; where it cannot be written, history lasts for one run. */
export class History {
  readonly #file: string | undefined;
  readonly #lines: string[];

  private constructor(file: string | undefined, lines: string[]) {
    this.#file = file;
    this.#lines = lines;
  }

  static open(environment: Readonly<Record<string, string | undefined>>): History {
    const file = historyFile(environment);
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const lines = readLines(file);
      if (lines.length > limits.historyLines * slack)
        writeFileSync(file, asText(lines.slice(-limits.historyLines)), { mode: 0o600 });
      // The file may be older than this rule, or copied.
      if (lines.length > 0) chmodSync(file, 0o600);
      return new History(file, lines.slice(-limits.historyLines));
    } catch {
      return new History(undefined, []);
    }
  }

  /** Newest first, as a line editor wants it. */
  newestFirst(): string[] {
    return [...this.#lines].reverse();
  }

  /** A line that begins with a space is not kept, so that secrets can be typed. A repetition is kept once. */
  add(line: string): void {
    if (line.trim() === "" || line.startsWith(" ") || line === this.#lines.at(-1)) return;
    this.#lines.push(line);
    if (this.#lines.length > limits.historyLines) this.#lines.shift();
    if (this.#file === undefined) return;
    try {
      appendFileSync(this.#file, asText([line]), { mode: 0o600 });
    } catch {
      // A full disk must not stop the REPL.
    }
  }
}

/** `history` in the directory for what codex-env keeps. */
export function historyFile(environment: Readonly<Record<string, string | undefined>>): string {
  return join(stateDirectory(environment), "history");
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map(decode);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

function asText(lines: readonly string[]): string {
  return lines.map((line) => `${line.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n`).join("");
}

function decode(line: string): string {
  return line.replace(/\\([\\n])/g, (_, char: string) => (char === "n" ? "\n" : "\\"));
}
