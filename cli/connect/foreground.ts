import { limits } from "../../core/limits.ts";
import { describeError } from "../describe-error.ts";
import { terminalSize } from "../terminal/terminal-size.ts";
import type { Job } from "./job.ts";
import type { Repl } from "./repl.ts";
import { stoppedSuffix } from "./wrap-line.ts";

const ctrlC = 0x03;
const ctrlZ = 0x1a;
/** After Ctrl-Z: when to look whether the program has stopped, ms. A program may take the key for something else. */
const stopProbesMs = [30, 60, 120, 250, 500, 1_000];

/**
 * Waits in the foreground until the job ends, stops, is lost, or is sent away. `begun` runs first, when the keys are
 * the job's already.
 */
export async function foreground(repl: Repl, job: Job, begun?: () => Promise<void>): Promise<void> {
  const away = Promise.withResolvers<void>();
  using _keys = job.process.tty ? passKeys(repl, job, away.resolve) : passSignals(repl, job, away.resolve);
  repl.current = job;
  let left = false;
  void away.promise.then(() => {
    left = true;
  });
  await begun?.();
  while (job.state.kind === "running" && !left) await Promise.race([job.changed(), away.promise]);
  repl.current = undefined;
}

/** A PTY takes every key and every new size. */
function passKeys(repl: Repl, job: Job, leave: () => void): Disposable {
  const { process: remote } = job;
  const keys = (bytes: Uint8Array) => {
    if (job.place.client.state.kind !== "ready" && bytes.includes(ctrlC)) return leave();
    remote.stdin.write(bytes).catch(() => {});
    job.typed = Buffer.concat([job.typed, bytes]).subarray(-limits.typeAheadBytes);
    if (bytes.includes(ctrlZ)) void watchStop(job);
  };
  const resized = () => void remote.resize(terminalSize()).catch(() => {});
  process.on("SIGWINCH", resized);
  // The terminal may have another size than when the job was started.
  if (job.number !== undefined) resized();
  const held = repl.terminal?.take(keys);
  return {
    [Symbol.dispose]() {
      process.off("SIGWINCH", resized);
      held?.[Symbol.dispose]();
    },
  };
}

/** With pipes the terminal makes signals of keys: Ctrl-C and Ctrl-\ are passed on, Ctrl-Z sends the job to the background. */
function passSignals(repl: Repl, job: Job, leave: () => void): Disposable {
  const interrupt = () => {
    repl.screen.showKey("^C");
    if (job.place.client.state.kind === "ready") job.process.signal("SIGINT").catch(() => {});
    else leave();
  };
  const quit = () => {
    repl.screen.showKey("^\\");
    job.process.signal("SIGQUIT").catch((error: unknown) => repl.screen.note(describeError(error)));
  };
  const sendAway = () => {
    repl.screen.showKey("^Z");
    leave();
  };
  process.on("SIGINT", interrupt);
  if (repl.terminal !== undefined) process.on("SIGQUIT", quit).on("SIGTSTP", sendAway);
  // After the handlers, and ended before them: without one such a key would stop or end this program.
  const mode = repl.terminal?.makeSignals();
  return {
    [Symbol.dispose]() {
      mode?.[Symbol.dispose]();
      process.off("SIGINT", interrupt).off("SIGQUIT", quit).off("SIGTSTP", sendAway);
    },
  };
}

/** The wrapper leaves a file when its program was stopped. */
async function watchStop(job: Job): Promise<void> {
  if (job.stateFile === undefined) return;
  for (const waitMs of stopProbesMs) {
    await Bun.sleep(waitMs);
    if (job.state.kind !== "running") return;
    if (await exists(job, job.stateFile + stoppedSuffix)) return job.stopped(true);
  }
}

async function exists({ place }: Job, path: string): Promise<boolean> {
  try {
    await place.client.files.getMetadata(path);
    return true;
  } catch {
    return false;
  }
}
