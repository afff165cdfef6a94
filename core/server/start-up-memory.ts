import { limits } from "../limits.ts";
import type { Acceptor } from "../transport/connection.ts";

/**
 * `accept`, with the memory that only the start needed given back: once when nobody has come for a moment, and once
 * when the first client falls silent or goes, since its session is a start too. Never later: what runs then will run
 * again. `settle` is what a start has still to do when nobody waits for it.
 */
export function releasingStartUp(accept: Acceptor, settle: () => Promise<void>): Acceptor {
  let timer = setTimeout(release, limits.startUpQuietMs, settle);
  timer.unref();
  let first = true;
  return (connection) => {
    const events = accept(connection);
    if (!first) return events;
    first = false;
    clearTimeout(timer);
    let released = false;
    const releaseOnce = (): void => {
      if (released) return;
      released = true;
      clearTimeout(timer);
      void release(settle);
    };
    timer = setTimeout(releaseOnce, limits.startUpQuietMs);
    timer.unref();
    return {
      message: (text) => {
        events.message(text);
        if (!released) timer.refresh();
      },
      malformed: (reason) => events.malformed?.(reason),
      drained: () => events.drained(),
      closed: (reason) => {
        events.closed(reason);
        // A server on stdio ends with its peer.
        if (connection.transport === "stdio") clearTimeout(timer);
        else releaseOnce();
      },
    };
  };
}

async function release(settle: () => Promise<void>): Promise<void> {
  // Nobody waits now, so the first command and the first file need not wait for their code.
  await Promise.all([
    import("../process/local/guarded-spawner.ts"),
    import("../filesystem/scope/filesystem-scope.ts"),
    settle(),
  ]);
  const { releaseProgramCode } = await import("../host/program-code.ts");
  await releaseProgramCode();
}
