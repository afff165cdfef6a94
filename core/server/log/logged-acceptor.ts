import type { Acceptor, Connection, ConnectionEvents } from "../../transport/connection.ts";
import type { ServerLog } from "./server-log.ts";

/** `accept`, with one line in the log when a connection opens and one when it has closed. `auth` is the sort of token. */
export function loggedAcceptor(accept: Acceptor, log: ServerLog, auth: string): Acceptor {
  let opened = 0;
  return (connection) => {
    const id = ++opened;
    const { transport, peer } = connection;
    log.info("connection opened", { id, transport, peer, auth });
    const counted = new CountedConnection(connection);
    return counted.listen(accept(counted), (reason) => {
      log.info("connection closed", { id, ...counted.totals(), reason: reason ?? "unknown" });
    });
  };
}

/** A connection that counts what passes through it; characters, since counting bytes would cost a tenth of the sending. */
class CountedConnection implements Connection {
  readonly transport: Connection["transport"];
  readonly peer: string;
  readonly #inner: Connection;
  readonly #openedAt = performance.now();
  #messagesIn = 0;
  #charactersIn = 0;
  #messagesOut = 0;
  #charactersOut = 0;

  constructor(inner: Connection) {
    this.#inner = inner;
    this.transport = inner.transport;
    this.peer = inner.peer;
  }

  get buffered(): number {
    return this.#inner.buffered;
  }

  send(text: string): void {
    this.#messagesOut++;
    this.#charactersOut += text.length;
    this.#inner.send(text);
  }

  close(code: number, reason: string): void {
    this.#inner.close(code, reason);
  }

  totals() {
    return {
      seconds: Math.round(performance.now() - this.#openedAt) / 1000,
      messagesIn: this.#messagesIn,
      charactersIn: this.#charactersIn,
      messagesOut: this.#messagesOut,
      charactersOut: this.#charactersOut,
    };
  }

  listen(events: ConnectionEvents, onClosed: (reason: string | undefined) => void): ConnectionEvents {
    return {
      message: (text) => {
        this.#messagesIn++;
        this.#charactersIn += text.length;
        events.message(text);
      },
      malformed: (reason) => {
        if (events.malformed) events.malformed(reason);
        else this.#inner.close(1007, reason);
      },
      drained: () => events.drained(),
      closed: (reason) => {
        events.closed(reason);
        onClosed(reason);
      },
    };
  }
}
