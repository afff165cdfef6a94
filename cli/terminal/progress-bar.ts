import { formatBytes, formatDuration } from "./format.ts";

/** Time between two drawings, ms. */
const drawEveryMs = 100;
/** The rate is that of about the last seconds: the weight of one second of news. */
const newsWeight = 0.3;

export interface ProgressView {
  readonly label: string;
  readonly done: number;
  /** 0: not known. */
  readonly total: number;
  readonly bytesPerSecond: number;
  readonly columns: number;
}

/** One line: name, bar, percent, bytes, and while they are known rate and time left. Never wider than the terminal. */
export function renderProgress({ label, done, total, bytesPerSecond, columns }: ProgressView): string {
  const rate = bytesPerSecond >= 1 ? ` ${formatBytes(Math.round(bytesPerSecond))}/s` : "";
  const left =
    rate !== "" && total > done ? ` ${formatDuration(((total - done) / bytesPerSecond) * 1000)}` : "";
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const percent = total > 0 ? `${Math.floor(share * 100)}%`.padStart(4) : "";
  const facts = ` ${percent} ${formatBytes(done)}${rate}${left}`;
  const room = Math.max(0, columns - 1 - Bun.stringWidth(facts));
  const name = label.slice(0, Math.max(0, Math.min(label.length, Math.floor(room / 2))));
  const width = Math.max(0, Math.min(30, room - Bun.stringWidth(name) - 3));
  const filled = Math.round(share * width);
  const bar = width < 5 ? "" : ` [${"#".repeat(filled)}${"-".repeat(width - filled)}]`;
  return `${name}${bar}${facts}`.slice(0, Math.max(1, columns - 1));
}

/** Bytes per second, smoothed. The clock is monotonic milliseconds. */
export class RateMeter {
  readonly #now: () => number;
  #at: number;
  #bytes = 0;
  #rate: number | undefined;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#at = now();
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  get bytesPerSecond(): number {
    const seconds = (this.#now() - this.#at) / 1000;
    if (seconds < drawEveryMs / 1000) return this.#rate ?? 0;
    const latest = this.#bytes / seconds;
    const weight = 1 - (1 - newsWeight) ** seconds;
    this.#rate = this.#rate === undefined ? latest : this.#rate + (latest - this.#rate) * weight;
    this.#at = this.#now();
    this.#bytes = 0;
    return this.#rate;
  }
}

/** When to draw next: not more often than an eye can follow. */
export class DrawClock {
  #last = Number.NEGATIVE_INFINITY;

  due(now: number): boolean {
    if (now - this.#last < drawEveryMs) return false;
    this.#last = now;
    return true;
  }
}
