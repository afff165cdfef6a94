import { limits } from "../../limits.ts";
import type { OutputStream } from "../../protocol/results.ts";
import type { ExitStatus } from "../spawned-process.ts";
import type { ArenaRun } from "./byte-arena.ts";
import { DroppedPositions } from "./dropped-positions.ts";
import type { LogEvent } from "./event.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import type { SpilledRun } from "./spill-store.ts";

/** `end`: raw output bytes of the process up to and with this event. */
type Entry =
  | {
      readonly kind: "output";
      readonly stream: OutputStream;
      readonly length: number;
      readonly end: number;
      place: Place;
    }
  | { readonly kind: "exited"; readonly status: ExitStatus; readonly end: number }
  | { readonly kind: "closed"; readonly end: number };

type Place =
  | { readonly in: "memory"; readonly run: ArenaRun }
  | { readonly in: "file"; readonly run: SpilledRun };

/**
 * Everything a process said, in order: the one structure that live notifications, `process/read` and resume walk.
 * Appending numbers an event; dropping from the front moves {@link firstSeq}; nothing else changes it.
 */
export class OutputLog {
  readonly #budget: MemoryBudget;
  /** These two are made when they are needed: most commands are never waited for, and never say too much. */
  #watchers: Set<() => void> | undefined;
  #dropped: DroppedPositions | undefined;
  /** Dropped ones are undefined until the front is cut off. */
  #entries: (Entry | undefined)[] = [];
  #head = 0;
  #firstSeq = 1;
  #end = 0;
  #firstInMemory = 1;
  #memoryBytes = 0;
  #exit: ExitStatus | undefined;
  #exitSeq = Number.MAX_SAFE_INTEGER;
  #closed = false;

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
  }

  /** The oldest retained event; `nextSeq` when none is. */
  get firstSeq(): number {
    return this.#firstSeq;
  }

  /** What the next event will be numbered. */
  get nextSeq(): number {
    return this.#firstSeq + this.#entries.length - this.#head;
  }

  get exit(): ExitStatus | undefined {
    return this.#exit;
  }

  /** The number of the exit; beyond every number while it has not happened. */
  get exitSeq(): number {
    return this.#exitSeq;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Raw output bytes held in memory. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** Appends one event of the bytes in `pieces`: at least one, one chunk in all. They are copied. */
  appendOutput(stream: OutputStream, ...pieces: Uint8Array[]): LogEvent & { kind: "output" } {
    const seq = this.nextSeq;
    const { arena } = this.#budget;
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const run = arena.store(pieces, length);
    // Taken before the budget may move it to disk: the memory stays as it is until the next output is stored.
    const bytes = arena.view(run, length);
    this.#end += length;
    this.#push({ kind: "output", stream, length, end: this.#end, place: { in: "memory", run } });
    this.#memoryBytes += length;
    this.#budget.charge(this);
    this.#announce();
    return { kind: "output", seq, stream, bytes };
  }

  appendExited(status: ExitStatus): void {
    if (this.#exit !== undefined) throw new Error("a process exits once");
    this.#exit = status;
    this.#exitSeq = this.nextSeq;
    this.#push({ kind: "exited", status, end: this.#end });
    this.#announce();
  }

  appendClosed(): void {
    if (this.#closed) throw new Error("a process closes once");
    this.#closed = true;
    this.#push({ kind: "closed", end: this.#end });
    this.#announce();
  }

  /** The event numbered `seq`; undefined when it is not retained or not there yet. */
  event(seq: number): LogEvent | undefined {
    const entry = this.#entry(seq);
    if (entry === undefined) return undefined;
    switch (entry.kind) {
      case "output":
        return { kind: "output", seq, stream: entry.stream, bytes: this.#bytes(entry.place, entry.length) };
      case "exited":
        return { kind: "exited", seq, status: entry.status };
      case "closed":
        return { kind: "closed", seq };
    }
  }

  /** Raw bytes of the event numbered `seq`; undefined when it is not output or not retained. */
  outputLength(seq: number): number | undefined {
    const entry = this.#entry(seq);
    return entry?.kind === "output" ? entry.length : undefined;
  }

  /** What retaining the event costs; 0 when it is not retained. */
  cost(seq: number): number {
    return this.#entry(seq) === undefined ? 0 : (this.outputLength(seq) ?? 0) + limits.eventOverheadBytes;
  }

  /** What the events after `seq` cost, dropped ones included. */
  costAfter(seq: number): number {
    return this.bytesAfter(seq) + Math.max(0, this.nextSeq - 1 - seq) * limits.eventOverheadBytes;
  }

  /** Raw output bytes in the events after `seq`. */
  bytesAfter(seq: number): number {
    return this.#end - this.#endOf(seq);
  }

  /** Raw output bytes that a reader who has everything up to `seq` can no longer get. */
  omittedAfter(seq: number): number {
    return seq + 1 >= this.#firstSeq ? 0 : this.#endOf(this.#firstSeq - 1) - this.#endOf(seq);
  }

  /** Forgets the oldest event. */
  dropFirst(): void {
    const entry = this.#entry(this.#firstSeq);
    if (entry === undefined) return;
    this.#entries[this.#head] = undefined;
    this.#dropped ??= new DroppedPositions();
    this.#dropped.push(entry.end);
    this.#head += 1;
    this.#firstSeq += 1;
    if (this.#head > 16 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    this.#budget.countEvents(-1);
    if (entry.kind === "output") this.#free(entry);
  }

  /** Moves the oldest output that is in memory to disk. False: nothing to move, or no room there. */
  spillFirst(): boolean {
    if (this.#memoryBytes === 0) return false;
    let seq = Math.max(this.#firstInMemory, this.#firstSeq);
    for (; seq < this.nextSeq; seq++) {
      const entry = this.#entry(seq);
      if (entry?.kind !== "output" || entry.place.in === "file") continue;
      const { run } = entry.place;
      const spilled = this.#budget.spill.write(this.#budget.arena.view(run, entry.length));
      if (spilled === undefined) break;
      entry.place = { in: "file", run: spilled };
      this.#firstInMemory = seq + 1;
      this.#releaseMemory(run, entry.length);
      return true;
    }
    this.#firstInMemory = seq;
    return false;
  }

  /** Forgets everything; the owner has no use for it any more. */
  clear(): void {
    while (this.#firstSeq < this.nextSeq) this.dropFirst();
    this.#watchers?.clear();
  }

  /** Calls `watcher` after each event, until the returned function is called. */
  watch(watcher: () => void): () => void {
    this.#watchers ??= new Set();
    this.#watchers.add(watcher);
    return () => this.#watchers?.delete(watcher);
  }

  #push(entry: Entry): void {
    this.#entries.push(entry);
    this.#budget.countEvents(1);
  }

  #announce(): void {
    if (this.#watchers === undefined) return;
    for (const watcher of this.#watchers) watcher();
  }

  #entry(seq: number): Entry | undefined {
    return seq < this.#firstSeq ? undefined : this.#entries[this.#head + seq - this.#firstSeq];
  }

  #endOf(seq: number): number {
    if (seq <= 0) return 0;
    const retained = this.#entry(seq);
    if (retained !== undefined) return retained.end;
    if (seq >= this.nextSeq) return this.#end;
    return this.#dropped?.endOf(seq) ?? 0;
  }

  #bytes(place: Place, length: number): Uint8Array {
    const { arena, spill } = this.#budget;
    return place.in === "memory" ? arena.view(place.run, length) : spill.read(place.run, length);
  }

  #free(entry: Entry & { kind: "output" }): void {
    if (entry.place.in === "file") this.#budget.spill.release(entry.place.run);
    else this.#releaseMemory(entry.place.run, entry.length);
  }

  #releaseMemory(run: ArenaRun, length: number): void {
    this.#budget.arena.release(run);
    this.#memoryBytes -= length;
    this.#budget.release(this);
  }
}
