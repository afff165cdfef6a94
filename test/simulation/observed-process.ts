import type { ProcessEvent, ProcessSink } from "../../core/process/process-backend.ts";
import { lineOf, type Script, type ScriptedProcess } from "./scripted-process.ts";

/** What the application saw of one process, held against what the process did. */
export class ObservedProcess {
  readonly script: Script;
  readonly sink: ProcessSink;
  /** `closed` or `lost`. */
  end: "closed" | "lost" | undefined;
  /** Bytes that the test itself made the server forget. */
  forgottenBytes = 0;
  /** The session behind a bridge may be lost. */
  readonly #mayBeLost: boolean;
  readonly #report: (violation: string) => void;
  #nextLine = 0;
  #seenBytes = 0;
  /** Bytes of lines that were left out so far. */
  #skippedBytes = 0;
  #gapBytes = 0;
  #bridgeLost = false;
  #exitCode: number | undefined;

  constructor(
    script: Script,
    options: {
      readonly readerMs: number;
      readonly mayBeLost: boolean;
      readonly report: (violation: string) => void;
    },
  ) {
    this.script = script;
    this.#mayBeLost = options.mayBeLost;
    this.#report = (violation) => options.report(`${script.name}: ${violation}`);
    this.sink = (event) => {
      this.#take(event);
      return options.readerMs === 0 ? undefined : Bun.sleep(options.readerMs);
    };
  }

  /** At the end of the run; `process` is what the server started. */
  finish(process: ScriptedProcess | undefined): void {
    if (this.end === undefined) return this.#report("its end was never told");
    if (this.end === "lost") return;
    if (process === undefined) return this.#report("its end was told, and it never ran");
    if (this.#exitCode === undefined) this.#report("closed without an exit");
    const told = this.#seenBytes + this.#gapBytes;
    if (told !== process.printedBytes)
      this.#report(`${process.printedBytes} bytes were printed, and ${told} told`);
    if (this.#gapBytes > this.forgottenBytes)
      this.#report(`gaps of ${this.#gapBytes} bytes, and ${this.forgottenBytes} were forgotten`);
  }

  #take(event: ProcessEvent): void {
    if (this.end !== undefined) return this.#report(`${event.kind} after ${this.end}`);
    switch (event.kind) {
      case "output": {
        const text = new TextDecoder().decode(event.bytes);
        // The scripts print to stdout alone.
        return event.stream === "stderr" ? this.#bridgeSays(text) : this.#output(text);
      }
      case "gap":
        return this.#gap(event.omittedBytes);
      case "exited":
        if (this.#exitCode !== undefined) return this.#report("exited twice");
        if (event.status.kind !== "exited") {
          if (!this.#bridgeLost) this.#report(`exit unknown: ${event.status.reason}`);
          return;
        }
        this.#exitCode = event.status.code;
        if (this.#exitCode !== 7 && this.#exitCode !== 137) this.#report(`exit code ${this.#exitCode}`);
        return;
      case "closed":
      case "lost":
        this.end = this.#bridgeLost ? "lost" : event.kind;
    }
  }

  /** What it cannot tell otherwise: its client knows of no gaps and of no lost session. */
  #bridgeSays(notice: string): void {
    if (!notice.includes("the rest of the output is lost")) return this.#gap(gapOf(notice));
    if (!this.#mayBeLost) this.#report(notice.trim());
    this.#bridgeLost = true;
  }

  #gap(omittedBytes: number | undefined): void {
    if (omittedBytes === undefined) return this.#report("a gap of unknown size");
    this.#gapBytes += omittedBytes;
  }

  /** Whole lines, as they were printed: what is left out of their order must have been declared before. */
  #output(text: string): void {
    for (let at = 0; at < text.length; ) {
      const line = text.slice(at, text.indexOf("\n", at) + 1);
      const index = Number(line.split(":")[1]);
      if (line === "" || line !== lineOf(this.script, index))
        return this.#report(`garbled: ${text.slice(at)}`);
      if (index < this.#nextLine) return this.#report(`line ${index} after line ${this.#nextLine - 1}`);
      for (; this.#nextLine < index; this.#nextLine++)
        this.#skippedBytes += lineOf(this.script, this.#nextLine).length;
      if (this.#skippedBytes > this.#gapBytes) return this.#report(`lines before ${index} are missing`);
      this.#nextLine += 1;
      this.#seenBytes += line.length;
      at += line.length;
    }
  }
}

function gapOf(notice: string): number | undefined {
  const bytes = /codex-env dial: (\d+) bytes/.exec(notice)?.[1];
  return bytes === undefined ? undefined : Number(bytes);
}
