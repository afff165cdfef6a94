import { limits } from "../../limits.ts";

/** Where bytes lie in an arena. */
export interface ArenaRun {
  readonly segment: ArenaSegment;
  readonly offset: number;
}

interface ArenaSegment {
  readonly bytes: Uint8Array;
  /** Runs that are still held. */
  runs: number;
}

/**
 * Memory for retained output, in segments that are used again and again. Output that is copied here lets its read
 * buffer die young; holding the buffers themselves would keep twice the memory and have the collector walk all of it.
 */
export class ByteArena {
  readonly #free: ArenaSegment[] = [];
  #current: ArenaSegment | undefined;
  #used = 0;
  #segments = 0;

  /** Memory that output takes: whole segments, since one run that is held holds all of its segment. */
  get heldBytes(): number {
    return (this.#segments - this.#free.length) * limits.arenaSegmentBytes;
  }

  /** Copies `pieces` one behind the other; their `length` in all is at most {@link limits.arenaSegmentBytes}. */
  store(pieces: readonly Uint8Array[], length: number): ArenaRun {
    let segment = this.#current;
    if (segment === undefined || this.#used + length > limits.arenaSegmentBytes) segment = this.#next();
    const offset = this.#used;
    for (const piece of pieces) {
      segment.bytes.set(piece, this.#used);
      this.#used += piece.length;
    }
    segment.runs += 1;
    return { segment, offset };
  }

  /** The stored bytes: a view, good until the run is released. */
  view(run: ArenaRun, length: number): Uint8Array {
    return run.segment.bytes.subarray(run.offset, run.offset + length);
  }

  release(run: ArenaRun): void {
    const { segment } = run;
    segment.runs -= 1;
    if (segment.runs > 0) return;
    if (segment === this.#current) this.#used = 0;
    else this.#retire(segment);
  }

  #next(): ArenaSegment {
    const segment = this.#free.pop() ?? this.#allocate();
    this.#current = segment;
    this.#used = 0;
    return segment;
  }

  #allocate(): ArenaSegment {
    this.#segments += 1;
    return { bytes: new Uint8Array(limits.arenaSegmentBytes), runs: 0 };
  }

  #retire(segment: ArenaSegment): void {
    if (this.#free.length < limits.arenaFreeSegments) this.#free.push(segment);
    else this.#segments -= 1;
  }
}
