import type {
  ExitStatus,
  OutputSource,
  SpawnedProcess,
  Spawner,
  SpawnPlan,
} from "../../../core/process/spawned-process.ts";

/** A stream that says what the test gives it, and counts what was taken. */
export class HeldSource implements OutputSource {
  readonly name: OutputSource["name"];
  taken = 0;
  closed = false;
  readonly #waiting: (Uint8Array | null)[] = [];
  #reader: ((bytes: Uint8Array | null) => void) | undefined;

  constructor(name: OutputSource["name"]) {
    this.name = name;
  }

  /** Chunks that nobody has asked for yet. */
  get untaken(): number {
    return this.#waiting.length;
  }

  say(bytes: Uint8Array | string): void {
    this.#put(typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
  }

  end(): void {
    this.#put(null);
  }

  read(): Promise<Uint8Array | null> {
    const next = this.#waiting.shift();
    if (next !== undefined) return Promise.resolve(this.#take(next));
    if (this.closed) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#reader = (bytes) => resolve(this.#take(bytes));
    });
  }

  close(): void {
    this.closed = true;
    this.#waiting.length = 0;
    this.#answer(null);
  }

  #put(bytes: Uint8Array | null): void {
    if (!this.#answer(bytes)) this.#waiting.push(bytes);
  }

  #answer(bytes: Uint8Array | null): boolean {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.(bytes);
    return reader !== undefined;
  }

  #take(bytes: Uint8Array | null): Uint8Array | null {
    this.taken += bytes?.length ?? 0;
    return bytes;
  }
}

/** A process that does what the test says, when the test says it. */
export class HeldProcess implements SpawnedProcess {
  readonly pid = 1;
  readonly stdout = new HeldSource("stdout");
  readonly stderr = new HeldSource("stderr");
  readonly outputs = [this.stdout, this.stderr];
  readonly signals: number[] = [];
  killed = false;
  readonly #exited = Promise.withResolvers<ExitStatus>();
  readonly #treeGone = Promise.withResolvers<void>();
  readonly exited = this.#exited.promise;
  readonly treeGone = this.#treeGone.promise;

  signal(signalNumber: number): void {
    this.signals.push(signalNumber);
  }

  /** As SIGKILL does to a tree: it exits, its streams end, it is gone. */
  killTree(): void {
    if (this.killed) return;
    this.killed = true;
    this.finish(137);
  }

  exit(code: number): void {
    this.#exited.resolve({ kind: "exited", code });
  }

  /** Exits, lets go of its streams and leaves nothing behind. */
  finish(code = 0): void {
    this.exit(code);
    this.stdout.end();
    this.stderr.end();
    this.#treeGone.resolve();
  }
}

/** Starts are granted or refused by the test, in any order. */
export class HeldSpawner implements Spawner {
  readonly asked: { readonly plan: SpawnPlan; grant(): HeldProcess; refuse(error: Error): void }[] = [];

  spawn(plan: SpawnPlan): Promise<SpawnedProcess> {
    const { promise, resolve, reject } = Promise.withResolvers<SpawnedProcess>();
    this.asked.push({
      plan,
      grant: () => {
        const process = new HeldProcess();
        resolve(process);
        return process;
      },
      refuse: reject,
    });
    return promise;
  }
}

/** Lets everything that is ready run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 64; turn++) await new Promise<void>((resume) => setImmediate(resume));
}
