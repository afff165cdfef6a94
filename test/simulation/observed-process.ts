import type { ProcessEvent, ProcessSink } from "../../core/process/process-backend.ts";
import { type Script, type ScriptedProcess, wholeOutput } from "./scripted-process.ts";

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
  readonly #expected: string;
  readonly #report: (violation: string) => void;
  #position = 0;
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
    this.#expected = wholeOutput(script);
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
    if (this.#position !== process.printedBytes)
      this.#report(`${process.printedBytes} bytes were printed, and ${this.#position} told`);
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
    this.#position += omittedBytes;
    this.#gapBytes += omittedBytes;
  }

  #output(text: string): void {
    const expected = this.#expected.slice(this.#position, this.#position + text.length);
    if (text !== expected) {
      this.#report(
        `at byte ${this.#position}: ${JSON.stringify(text.slice(0, 60))}, expected ${JSON.stringify(expected.slice(0, 60))}`,
      );
    }
    this.#position += text.length;
  }
}

function gapOf(notice: string): number | undefined {
  const bytes = /codex-env dial: (\d+) bytes/.exec(notice)?.[1];
  return bytes === undefined ? undefined : Number(bytes);
}
