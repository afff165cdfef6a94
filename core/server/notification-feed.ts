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
    const feed = this;
    const processIdJson = JSON.stringify(process.processId);
    return {
      get writable() {
        return feed.writable;
      },
      deliver: (event) => this.#connection.send(encodeEvent(event, process.processId, processIdJson)),
      behind: (delivery) => this.#behind.set(delivery, process),
      failed: this.#failed,
    };
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

function encodeEvent(event: LogEvent, processId: string, processIdJson: string): string {
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
            sandboxDenied: false,
          })
        : encodeNotification("process/exited", {
            processId,
            seq,
            exitCode: UNKNOWN_EXIT_CODE,
            sandboxDenied: false,
            failure: status.reason,
          });
    }
    case "closed":
      return encodeNotification("process/closed", { processId, seq });
  }
}
