import { constants } from "node:os";
import type { ExecClient } from "../../core/client/connect-client.ts";
import type { RemoteProcess } from "../../core/process/remote/remote-process.ts";
import { UnsupportedError } from "../../core/rpc/remote-calls.ts";
import { describeError } from "../describe-error.ts";
import type { RawMode } from "../terminal/raw-mode.ts";
import { stopOurselves } from "../terminal/stop-ourselves.ts";
import { terminalSize } from "../terminal/terminal-size.ts";
import { say } from "./say.ts";

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;
/** Where the server cannot send these, ending the command is what the sender wants of them. */
const ending: ReadonlySet<string> = new Set(["SIGTERM", "SIGHUP", "SIGQUIT"]);

export interface SignalForwarding {
  readonly client: ExecClient;
  /** A signal that comes before the start waits for it. */
  readonly starting: Promise<RemoteProcess>;
  readonly tty: boolean;
  readonly raw: RawMode | undefined;
  /** Somebody wants us to end while the link is down. */
  giveUp(reason: string): void;
  /** Goes away from a command that can be gone back to. Absent: it gets these signals as well. */
  readonly leave: ((exitCode: number) => void) | undefined;
}

/** Asks us to end, not the command, where it can be left. */
const leaving: ReadonlySet<string> = new Set(["SIGTERM", "SIGHUP"]);

/** Passes our signals on to the command until disposed; a resize of our terminal too. */
export function forwardSignals(forwarding: SignalForwarding): Disposable {
  const { raw, tty } = forwarding;
  const handlers = new Map<NodeJS.Signals, () => void>();
  for (const name of forwarded) handlers.set(name, () => forward(forwarding, name));
  if (tty) handlers.set("SIGWINCH", () => withProcess(forwarding, resize));
  if (raw !== undefined)
    handlers.set("SIGTSTP", () => withProcess(forwarding, (remote) => suspend(remote, raw)));
  for (const [name, handler] of handlers) process.on(name, handler);
  return {
    [Symbol.dispose]() {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}

/** A start that fails is reported by whoever started; there is nothing to signal then. */
function withProcess({ starting }: SignalForwarding, work: (remote: RemoteProcess) => Promise<void>): void {
  starting.then(work).catch(() => {});
}

function forward(forwarding: SignalForwarding, name: (typeof forwarded)[number]): void {
  if (forwarding.leave !== undefined && leaving.has(name)) {
    return forwarding.leave(128 + constants.signals[name]);
  }
  if (forwarding.client.state.kind !== "ready") {
    forwarding.giveUp(`${name} came while it was down; the command may still be running`);
    return;
  }
  withProcess(forwarding, async (remote) => {
    try {
      await remote.signal(name);
    } catch (error) {
      if (error instanceof UnsupportedError && ending.has(name)) await remote.terminate();
      else say(`${name} was not passed on: ${describeError(error)}`);
    }
  });
}

/** A server without resizing keeps the size of the start. */
async function resize(remote: RemoteProcess): Promise<void> {
  await remote.resize(terminalSize()).catch(() => {});
}

/** Stops the command and then us; when we go on, so does the command, and its terminal is drawn anew. */
async function suspend(remote: RemoteProcess, raw: RawMode): Promise<void> {
  await remote.signal("SIGTSTP").catch(() => {});
  raw.leave();
  stopOurselves();
  raw.enter();
  await remote.signal("SIGCONT").catch(() => {});
  await resize(remote);
}
