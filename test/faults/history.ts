/** One thing a client learnt about a process, from a notification or out of a process/read answer. */
export type HistoryEvent =
  | { readonly kind: "output"; readonly seq: number; readonly stream: string; readonly bytes: Buffer }
  | { readonly kind: "exited"; readonly seq: number; readonly exitCode: number }
  | { readonly kind: "closed"; readonly seq: number };

/** Gets the bytes of a stream in order; returns what is wrong with them. */
export type StreamCheck = (stream: string, bytes: Buffer, offset: number) => string | undefined;

/**
 * Everything one client learnt about one process over all its connections, checked as it comes: every seq once and
 * with one content, none missing, the bytes of each stream as they were printed, exactly one exit, closed last.
 * Events may come again and out of order, as they do after a resume; only their numbers count.
 */
export class History {
  readonly violations: string[] = [];
  readonly bytes = new Map<string, number>();
  exitCode: number | undefined;
  #exitedSeq: number | undefined;
  #closedSeq: number | undefined;
  /** Everything up to here has come. */
  #contiguous = 0;
  readonly #ahead = new Map<number, HistoryEvent>();
  /** Seqs that a read answer covered without a chunk: an exit or a close whose notification was lost with the link. */
  readonly #silent = new Set<number>();
  readonly #check: StreamCheck;
  readonly #name: string;

  constructor(name: string, check: StreamCheck) {
    this.#name = name;
    this.#check = check;
  }

  /** The highest seq up to which nothing is missing: what a resuming client asks after. */
  get lastSeq(): number {
    return this.#contiguous;
  }

  get closed(): boolean {
    return this.#closedSeq !== undefined && this.#contiguous >= this.#closedSeq;
  }

  add(event: HistoryEvent): void {
    if (event.kind === "exited") this.#exit(event.seq, event.exitCode);
    if (event.kind === "closed") this.#close(event.seq);
    if (event.seq <= this.#contiguous || this.#ahead.has(event.seq)) return;
    this.#ahead.set(event.seq, event);
    this.#advance();
  }

  /** A read answer covers every seq after `afterSeq` and below `nextSeq`; the ones without a chunk are silent. */
  covered(afterSeq: number, nextSeq: number, chunkSeqs: readonly number[]): void {
    const chunks = new Set(chunkSeqs);
    for (let seq = Math.max(afterSeq, this.#contiguous) + 1; seq < nextSeq; seq++) {
      if (!chunks.has(seq) && !this.#ahead.has(seq)) this.#silent.add(seq);
    }
    this.#advance();
  }

  /** A read answer's own word that the process is closed: then its last seq is the closed one. */
  sawClosed(lastSeq: number, exitCode: number | null): void {
    if (exitCode === null) this.#fail("closed without an exit code");
    else if (this.exitCode === undefined) this.exitCode = exitCode;
    else if (this.exitCode !== exitCode) this.#fail(`exit codes ${this.exitCode} and ${exitCode}`);
    this.#close(lastSeq);
  }

  /** Called at the end; every violation of the run. */
  finish(): readonly string[] {
    if (this.#ahead.size > 0)
      this.#fail(`seq ${this.#contiguous + 1} never came, ${this.#ahead.size} later ones did`);
    if (this.exitCode === undefined) this.#fail("no exit was reported");
    if (!this.closed) this.#fail(`closed did not come; everything up to seq ${this.#contiguous} did`);
    if (this.#silent.size > 2)
      this.#fail(`${this.#silent.size} events were covered by reads but shown by none`);
    return this.violations;
  }

  #advance(): void {
    for (;;) {
      const seq = this.#contiguous + 1;
      const event = this.#ahead.get(seq);
      if (!event && !this.#silent.has(seq)) return;
      this.#ahead.delete(seq);
      this.#contiguous = seq;
      if (this.#closedSeq !== undefined && seq > this.#closedSeq)
        this.#fail(`seq ${seq} after closed ${this.#closedSeq}`);
      if (event?.kind === "output") this.#output(event.stream, event.bytes);
    }
  }

  #output(stream: string, bytes: Buffer): void {
    const offset = this.bytes.get(stream) ?? 0;
    this.bytes.set(stream, offset + bytes.length);
    const wrong = this.#check(stream, bytes, offset);
    if (wrong) this.#fail(`${stream}: ${wrong}`);
  }

  #exit(seq: number, exitCode: number): void {
    if (this.#exitedSeq !== undefined && this.#exitedSeq !== seq)
      this.#fail(`exited at ${this.#exitedSeq} and ${seq}`);
    if (this.exitCode !== undefined && this.exitCode !== exitCode)
      this.#fail(`exit codes ${this.exitCode} and ${exitCode}`);
    this.#exitedSeq = seq;
    this.exitCode = exitCode;
  }

  #close(seq: number): void {
    if (this.#closedSeq !== undefined && this.#closedSeq !== seq)
      this.#fail(`closed at ${this.#closedSeq} and ${seq}`);
    this.#closedSeq = seq;
  }

  #fail(reason: string): void {
    if (this.violations.length < 20) this.violations.push(`${this.#name}: ${reason}`);
  }
}
