import type { Acceptor } from "../transport/connection.ts";

/** How long a server waits for its first client before it takes its start for over, ms. */
const nobodyCameMs = 20;

/**
 * `accept`, with the memory that only the start needed given back: once when nobody has come for a moment, and once
 * after the first client's first message, which runs much code for the last time too. Never later, since what runs
 * then will run again.
 */
export function releasingStartUp(accept: Acceptor): Acceptor {
  let answered = false;
  const timer = setTimeout(release, nobodyCameMs);
  timer.unref();
  return (connection) => {
    const events = accept(connection);
    if (answered) return events;
    return {
      message: (text) => {
        events.message(text);
        if (answered) return;
        answered = true;
        clearTimeout(timer);
        setImmediate(release);
      },
      malformed: (reason) => events.malformed?.(reason),
      drained: () => events.drained(),
      closed: (reason) => events.closed(reason),
    };
  };
}

async function release(): Promise<void> {
  const { releaseProgramCode } = await import("../host/program-code.ts");
  Bun.gc(true);
  releaseProgramCode();
}
