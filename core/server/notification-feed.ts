import { noteGarbage } from "../host/garbage.ts";
import { limits } from "../limits.ts";
import type { Delivery, EventSink } from "../process/log/delivery.ts";
import type { LogEvent } from "../process/log/event.ts";
import type { ManagedProcess } from "../process/managed-process.ts";
import { encodeBase64 } from "../protocol/base64.ts";
import { encodeNotification, encodeOutput } from "../protocol/encode-message.ts";
import type { Connection } from "../transport/connection.ts";

/** A byte of output leaves its buffer, its base64 and the frame around that. */
const GARBAGE_PER_BYTE = 3;

/** What an exit code that nobody knows is on the wire, where the member must be a number; `failure` says why. */
const UNKNOWN_EXIT_CODE = -1;

/**
 * The events of one connection's processes, as notifications. It takes no more while the connection holds
 * {@link limits.outboundHighWaterBytes} unsent, and then serves the processes in turn, so that none starves another.
 */
export class NotificationFeed {
  readonly #connection: Connection;
  readonly #failed: (error: unknown) => void;
  readonly #behind = new Map<Delivery, ManagedProcess>();

  /** `failed`: an event is lost to this connection, which may go on only from a resume. */
  constructor(connection: Connection, failed: (error: unknown) => void) {
    this.#connection = connection;
    this.#failed = failed;
  }

  /** At the limit too: only above it will the connection tell when it has drained. */
  get writable(): boolean {
    return this.#connection.buffered <= limits.outboundHighWaterBytes;
  }

  sinkFor(process: ManagedProcess): EventSink {
    return new ProcessSink(this, process);
  }

  send(notification: string): void {
    this.#connection.send(notification);
  }

  /** What `process` has to say waits for {@link drained}. */
  behind(delivery: Delivery, process: ManagedProcess): void {
    this.#behind.set(delivery, process);
  }

  failed(error: unknown): void {
    this.#failed(error);
  }

  /** The connection takes more: one event a process, round and round. */
  drained(): void {
    while (this.writable) {
      const next = this.#behind.entries().next();
      if (next.done) return;
      const [delivery, process] = next.value;
      this.#behind.delete(delivery);
      if (delivery.step()) this.#behind.set(delivery, process);
      process.progressed();
    }
  }

  /** Nothing is delivered any more. */
  end(): void {
    this.#behind.clear();
  }
}

/** One process's part of the feed: there is one for each that stays readable, so it is kept small. */
class ProcessSink implements EventSink {
  readonly #feed: NotificationFeed;
  readonly #process: ManagedProcess;
  readonly #processIdJson: string;

  constructor(feed: NotificationFeed, process: ManagedProcess) {
    this.#feed = feed;
    this.#process = process;
    this.#processIdJson = JSON.stringify(process.processId);
  }

  get writable(): boolean {
    return this.#feed.writable;
  }

  deliver(event: LogEvent): void {
    this.#feed.send(encodeEvent(event, this.#process, this.#processIdJson));
  }

  behind(delivery: Delivery): void {
    this.#feed.behind(delivery, this.#process);
  }

  failed(error: unknown): void {
    this.#feed.failed(error);
  }
}

function encodeEvent(event: LogEvent, process: ManagedProcess, processIdJson: string): string {
  const { processId, sandboxDenied } = process;
  const { seq } = event;
  switch (event.kind) {
    case "output":
      noteGarbage(event.bytes.length * GARBAGE_PER_BYTE);
      return encodeOutput(processIdJson, { seq, stream: event.stream, chunk: encodeBase64(event.bytes) });
    case "exited": {
      const { status } = event;
      return status.kind === "exited"
        ? encodeNotification("process/exited", {
            processId,
            seq,
            exitCode: status.code,
            sandboxDenied,
          })
        : encodeNotification("process/exited", {
            processId,
            seq,
            exitCode: UNKNOWN_EXIT_CODE,
            sandboxDenied,
            failure: status.reason,
          });
    }
    case "closed":
      return encodeNotification("process/closed", { processId, seq });
  }
}
