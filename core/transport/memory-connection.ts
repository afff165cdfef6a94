import { limits } from "../limits.ts";
import type { Acceptor, ConnectionEvents } from "./connection.ts";
import type { ConnectionEnd, DialedConnection } from "./dialed-connection.ts";

/**
 * A connection to a server in this very process: the server's half goes to `accept`, the client's half comes back.
 * Messages arrive in order and never inside the call that sends them; both halves have backpressure.
 */
export function connectInMemory(
  accept: Acceptor,
  listen: (connection: DialedConnection) => ConnectionEvents,
): DialedConnection {
  const client = new MemoryHalf();
  const server = new MemoryHalf();
  client.attach(server, listen(client));
  server.attach(client, accept(server));
  return client;
}

class MemoryHalf implements DialedConnection {
  // The reference has no third kind, and parse errors should read as they do over a network.
  readonly transport = "websocket";
  readonly peer = "memory";
  #other: MemoryHalf | undefined;
  #events: ConnectionEvents | undefined;
  #outgoing: string[] = [];
  #outgoingBytes = 0;
  #wasHigh = false;
  #scheduled = false;
  #paused = false;
  #end: ConnectionEnd | undefined;

  get buffered(): number {
    return this.#outgoingBytes;
  }

  get end(): ConnectionEnd | undefined {
    return this.#end;
  }

  attach(other: MemoryHalf, events: ConnectionEvents): void {
    this.#other = other;
    this.#events = events;
  }

  send(text: string): void {
    if (this.#end !== undefined) return;
    this.#outgoing.push(text);
    this.#outgoingBytes += text.length;
    if (this.#outgoingBytes > limits.outboundHighWaterBytes) this.#wasHigh = true;
    this.#schedule();
  }

  close(code: number, reason: string): void {
    if (this.#end !== undefined) return;
    this.#end = { code, reason };
    this.#schedule();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    if (this.#other !== undefined) this.#other.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    const other = this.#other;
    if (other === undefined) return;
    for (let handed = 0; this.#outgoing.length > 0 && !other.#paused; handed++) {
      if (handed === limits.memoryBatch) {
        this.#schedule();
        return;
      }
      const text = this.#outgoing.shift() ?? "";
      this.#outgoingBytes -= text.length;
      if (other.#end === undefined) other.#events?.message(text);
    }
    if (this.#wasHigh && this.#outgoingBytes <= limits.outboundLowWaterBytes) {
      this.#wasHigh = false;
      this.#events?.drained();
    }
    if (this.#end !== undefined && this.#outgoing.length === 0) this.#closeBoth(this.#end);
  }

  #closeBoth(end: ConnectionEnd): void {
    const other = this.#other;
    const events = this.#events;
    this.#other = undefined;
    this.#events = undefined;
    events?.closed();
    if (other === undefined || other.#events === undefined) return;
    other.#end ??= end;
    other.#closeBoth(end);
  }
}
