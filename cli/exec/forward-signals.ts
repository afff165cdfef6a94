import type { ExecClient } from "../../core/client/connect-client.ts";
import type { RemoteProcess, SignalName } from "../../core/process/remote/remote-process.ts";
import { UnsupportedError } from "../../core/rpc/remote-calls.ts";
import type { RawMode } from "../terminal/raw-mode.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { terminalSize } from "../terminal/terminal-size.ts";
import { say } from "./say.ts";

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;
/** Where the server cannot send these, ending the command is what the sender wants of them. */
const ending: ReadonlySet<string> = new Set(["SIGTERM", "SIGHUP", "SIGQUIT"]);

export interface SignalForwarding {
  readonly client: ExecClient;
  readonly process: RemoteProcess;
  readonly raw: RawMode | undefined;
  /** Somebody wants us to end while the link is down. */
  giveUp(reason: string): void;
}

/** Passes our signals on to the command until disposed; a resize of our terminal too. */
export function forwardSignals(forwarding: SignalForwarding): Disposable {
  const { process: remote, raw } = forwarding;
  const handlers = new Map<NodeJS.Signals, () => void>();
  for (const name of forwarded) handlers.set(name, () => forward(forwarding, name));
  if (remote.tty) handlers.set("SIGWINCH", () => void remote.resize(terminalSize()).catch(() => {}));
  if (raw !== undefined) handlers.set("SIGTSTP", () => suspend(forwarding, raw));
  for (const [name, handler] of handlers) process.on(name, handler);
  return {
    [Symbol.dispose]() {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}

function forward({ client, process: remote, giveUp }: SignalForwarding, name: SignalName): void {
  if (client.state.kind !== "ready") {
    giveUp(`${name} came while it was down; the command may still be running`);
    return;
  }
  remote.signal(name).catch(async (error: unknown) => {
    if (error instanceof UnsupportedError && ending.has(name)) await remote.terminate();
    else
      say(`${name} was not passed on: ${sanitise(error instanceof Error ? error.message : String(error))}`);
  });
}

/** Stops the command and then us; when we go on, so does the command, and its terminal is drawn anew. */
function suspend({ process: remote }: SignalForwarding, raw: RawMode): void {
  const stop = remote.signal("SIGTSTP").catch(() => {});
  void stop.then(async () => {
    raw.leave();
    process.kill(process.pid, "SIGSTOP");
    raw.enter();
    await remote.signal("SIGCONT").catch(() => {});
    await remote.resize(terminalSize()).catch(() => {});
  });
}
