import type { EventSink } from "../process/log/delivery.ts";
import type { ManagedProcess } from "../process/managed-process.ts";
import { ProcessTable, type ProcessTableOptions } from "../process/process-table.ts";

/** Who is attached to a session: gets its events, and can be told that the session ends. */
export interface Attachment {
  sinkFor(process: ManagedProcess): EventSink;
}

/**
 * What one client owns on this server: its processes. A connection borrows it; without one it lives on for
 * `ttlSeconds`, then its trees are ended.
 */
export class Session {
  readonly id: string;
  readonly ttlSeconds: number;
  readonly processes: ProcessTable;
  #attachment: Attachment | undefined;

  constructor(options: { readonly id: string; readonly ttlSeconds: number } & ProcessTableOptions) {
    this.id = options.id;
    this.ttlSeconds = options.ttlSeconds;
    this.processes = new ProcessTable(options);
  }

  get attached(): boolean {
    return this.#attachment !== undefined;
  }

  /** Whether `attachment` is the one that holds the session. */
  isHeldBy(attachment: Attachment): boolean {
    return this.#attachment === attachment;
  }

  /** Reserves the session; events flow from {@link listen} on, after the client was answered. */
  attach(attachment: Attachment): void {
    if (this.#attachment !== undefined) throw new Error("a session has one connection at a time");
    this.#attachment = attachment;
  }

  /** Sends events to the attached connection. `resumed`: the client asks for older ones itself. */
  listen(resumed: boolean): void {
    const attachment = this.#attachment;
    if (attachment !== undefined) this.processes.attach((process) => attachment.sinkFor(process), resumed);
  }

  detach(): void {
    this.#attachment = undefined;
    this.processes.detach();
  }

  /** Ends every tree, then forgets everything. */
  async end(): Promise<void> {
    await this.processes.killAll();
    this.processes.clear();
  }
}
