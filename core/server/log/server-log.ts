import { type LogOutput, LogSink } from "./log-sink.ts";

export const logLevels = ["debug", "info", "warn", "error"] as const;

export type LogLevel = (typeof logLevels)[number];

export type LogFormat = "text" | "json";

/** What a line says beside its event. Never argv, environment, paths or bodies. */
export type LogFields = Readonly<Record<string, string | number>>;

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly output: LogOutput;
  /** Wall clock in milliseconds. */
  readonly now?: () => number;
}

/** The server's log: one line for each event of at least the chosen level. */
export class ServerLog {
  readonly #threshold: number;
  readonly #format: LogFormat;
  readonly #now: () => number;
  readonly #sink: LogSink;

  constructor({ level, format, output, now }: LogOptions) {
    this.#threshold = logLevels.indexOf(level);
    this.#format = format;
    this.#now = now ?? Date.now;
    this.#sink = new LogSink(output, (lost) => this.#line("warn", "log lines lost", { lost }));
  }

  debug(event: string, fields: LogFields = {}): void {
    this.#write("debug", event, fields);
  }

  info(event: string, fields: LogFields = {}): void {
    this.#write("info", event, fields);
  }

  warn(event: string, fields: LogFields = {}): void {
    this.#write("warn", event, fields);
  }

  error(event: string, fields: LogFields = {}): void {
    this.#write("error", event, fields);
  }

  /** Waits until all is written, but no longer than `ms`. */
  async flush(ms: number): Promise<void> {
    await this.#sink.flush(ms);
  }

  #write(level: LogLevel, event: string, fields: LogFields): void {
    if (logLevels.indexOf(level) >= this.#threshold) this.#sink.write(this.#line(level, event, fields));
  }

  #line(level: LogLevel, event: string, fields: LogFields): string {
    const time = new Date(this.#now()).toISOString();
    if (this.#format === "json") return JSON.stringify({ time, level, event, ...fields });
    const shown = Object.entries(fields).map(([name, value]) => ` ${name}=${quoteIfNeeded(value)}`);
    return `${time} ${level} ${event}${shown.join("")}`;
  }
}

/** JSON's quoting where a value holds anything but printable ASCII without spaces, quotes and `=`. */
function quoteIfNeeded(value: string | number): string | number {
  if (typeof value === "number" || /^[!#-<>-~]+$/.test(value)) return value;
  return JSON.stringify(value).replace(/[^\x20-\x7e]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
