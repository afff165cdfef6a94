import {
  type ExitStatus,
  InputClosedError,
  type OutputSource,
  type SpawnedProcess,
  type Spawner,
  type SpawnPlan,
} from "../../core/process/spawned-process.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What a process of the simulation does: `lines` lines of about `size` bytes, one every `everyMs`. */
export interface Script {
  readonly name: string;
  readonly lines: number;
  readonly everyMs: number;
  readonly size: number;
}

/** The bytes of line `index` of a script, which a checker can foresee. */
export function lineOf(script: Script, index: number): string {
  const head = `${script.name}:${index}:`;
  return `${head.padEnd(script.size - 1, "abcdefghij")}\n`;
}

/** A child that exists in the simulation alone: prints its script, keeps what it is sent, counts its signals. */
export class ScriptedProcess implements SpawnedProcess {
  readonly pid: number;
  readonly outputs: readonly OutputSource[];
  readonly input: SpawnedProcess["input"] & object;
  readonly exited: Promise<ExitStatus>;
  readonly treeGone: Promise<void>;
  readonly script: Script;
  readonly signals: number[] = [];
  typed = "";
  printedBytes = 0;
  #ended = false;
  #endedWith = Promise.withResolvers<ExitStatus>();
  readonly #stdout: ScriptedOutput;

  constructor(script: Script, options: { readonly pid: number; readonly clock: VirtualClock }) {
    this.script = script;
    this.pid = options.pid;
    this.#stdout = new ScriptedOutput("stdout");
    this.outputs = [this.#stdout];
    this.exited = this.#endedWith.promise;
    this.treeGone = this.exited.then(() => {});
    this.input = {
      write: async (bytes) => {
        if (this.#ended) throw new InputClosedError("nobody reads");
        this.typed += new TextDecoder().decode(bytes);
      },
      end: () => {},
      close: () => {},
    };
    this.#print(options.clock, 0);
  }

  signal(signalNumber: number): void {
    if (!this.#ended) this.signals.push(signalNumber);
  }

  get ended(): boolean {
    return this.#ended;
  }

  killTree(): void {
    this.#end({ kind: "exited", code: 137 });
  }

  #print(clock: VirtualClock, index: number): void {
    clock.set(() => {
      if (this.#ended) return;
      if (index >= this.script.lines) return this.#end({ kind: "exited", code: 7 });
      const line = new TextEncoder().encode(lineOf(this.script, index));
      this.printedBytes += line.length;
      this.#stdout.push(line);
      this.#print(clock, index + 1);
    }, this.script.everyMs);
  }

  #end(status: ExitStatus): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stdout.push(null);
    this.#endedWith.resolve(status);
  }
}

class ScriptedOutput implements OutputSource {
  readonly name: "stdout" | "stderr";
  readonly #ready: (Uint8Array | null)[] = [];
  #asked: ((bytes: Uint8Array | null) => void) | undefined;

  constructor(name: "stdout" | "stderr") {
    this.name = name;
  }

  push(bytes: Uint8Array | null): void {
    this.#ready.push(bytes);
    this.#answer();
  }

  read(): Promise<Uint8Array | null> {
    return new Promise((resolve) => {
      this.#asked = resolve;
      this.#answer();
    });
  }

  close(): void {
    this.push(null);
  }

  #answer(): void {
    if (this.#asked === undefined) return;
    const next = this.#ready.shift();
    if (next === undefined) return;
    const asked = this.#asked;
    this.#asked = undefined;
    asked(next);
  }
}

/** Starts scripts instead of programs, and remembers every start: argv[1] holds the script. */
export class ScriptedSpawner implements Spawner {
  readonly started: ScriptedProcess[] = [];
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  async spawn(plan: SpawnPlan): Promise<SpawnedProcess> {
    // Sound: the simulation writes it, and nobody else.
    const script = JSON.parse(plan.argv[1] ?? "") as Script;
    await new Promise<void>((resume) => this.#clock.set(resume, 3));
    const process = new ScriptedProcess(script, { clock: this.#clock, pid: this.started.length + 2 });
    this.started.push(process);
    return process;
  }

  /** Every process that was started from the script of this name. */
  named(name: string): readonly ScriptedProcess[] {
    return this.started.filter(({ script }) => script.name === name);
  }
}
